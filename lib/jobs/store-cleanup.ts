import { systemDb, systemWrite } from '@/lib/core/system-db'

const BATCH = 1_000

// Small transactions: nobody waits long behind a great clean-up.
const inBatches = async (signal: AbortSignal, remove: () => Promise<number>): Promise<number> => {
  let removed = 0
  for (let last = BATCH; last >= BATCH && !signal.aborted; removed += last) last = await remove()
  return removed
}

export const dropSeenTokens = (before: Date, signal: AbortSignal): Promise<number> =>
  inBatches(signal, async () => {
    const rows = await systemDb().seenToken.findMany({ where: { expiresAt: { lt: before } }, take: BATCH })
    if (rows.length === 0) return 0
    const keys = rows.map(({ issuer, jti }) => ({ issuer, jti }))
    return (await systemWrite(({ client }) => client.seenToken.deleteMany({ where: { OR: keys } }))).count
  })

export const dropEvents = (before: Date, signal: AbortSignal): Promise<number> =>
  inBatches(signal, async () => {
    const where = { createdAt: { lt: before } }
    const rows = await systemDb().outboxEvent.findMany({ where, select: { id: true }, take: BATCH })
    if (rows.length === 0) return 0
    const ids = rows.map(({ id }) => id)
    return (await systemWrite(({ client }) => client.outboxEvent.deleteMany({ where: { id: { in: ids } } }))).count
  })

export const dropEndedJobs = (before: Date, signal: AbortSignal): Promise<number> =>
  inBatches(signal, async () => {
    const where = { status: { in: ['done', 'discarded'] }, finishedAt: { lt: before } }
    const rows = await systemDb().job.findMany({ where, select: { tenantId: true, id: true }, take: BATCH })
    if (rows.length === 0) return 0
    return (await systemWrite(({ client }) => client.job.deleteMany({ where: { OR: rows, ...where } }))).count
  })

export const dropSessions = (before: Date, signal: AbortSignal): Promise<number> =>
  inBatches(signal, async () => {
    const where = { expiresAt: { lt: before } }
    const rows = await systemDb().opsSession.findMany({ where, select: { tenantId: true, id: true }, take: BATCH })
    if (rows.length === 0) return 0
    return (await systemWrite(({ client }) => client.opsSession.deleteMany({ where: { OR: rows, ...where } }))).count
  })

export const dropIdempotencyKeys = (before: Date, signal: AbortSignal): Promise<number> =>
  inBatches(signal, async () => {
    const where = { expiresAt: { lt: before } }
    const select = { tenantId: true, principal: true, route: true, key: true }
    const rows = await systemDb().idempotencyKey.findMany({ where, select, take: BATCH })
    if (rows.length === 0) return 0
    return (await systemWrite(({ client }) => client.idempotencyKey.deleteMany({ where: { OR: rows, ...where } })))
      .count
  })
