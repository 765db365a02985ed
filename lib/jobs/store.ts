import { kernel } from '@/lib/core/kernel'
import { emitFor } from '@/lib/core/outbox'
import type { WriteDb } from '@/lib/core/scope'
import { type SystemWrite, systemDb, systemWrite } from '@/lib/core/system-db'
import { uuidv7 } from '@/lib/shared/id'
import { CLAIM_JOBS, DUE_TENANTS } from './sql'
import type { Topic } from './topics'

export type JobRow = NonNullable<Awaited<ReturnType<ReturnType<typeof systemDb>['job']['findFirst']>>>
export type JobKey = { tenantId: string; id: string }

// Whoever holds the lease of this very attempt may end it; anybody else finds no row.
export type Lease = JobKey & { leasedBy: string; attempts: number }

export const SYSTEM_TENANT = 'system'
const MAX_TENANTS = 64

const storedTime = (date: Date): string => date.toISOString().replace('Z', '+00:00')

const tenantsAfter = async (after: string, now: Date, most: number): Promise<string[]> => {
  const rows = await kernel().db.rows(DUE_TENANTS, { tenant: after, now: storedTime(now), most })
  return rows.map((row) => String(row['tenantId']))
}

// In turn: the tenant that was served last comes last.
export const dueTenants = async (after: string, now: Date): Promise<string[]> => {
  const ahead = await tenantsAfter(after, now, MAX_TENANTS)
  if (after === '' || ahead.length === MAX_TENANTS) return ahead
  const around = await tenantsAfter('', now, MAX_TENANTS - ahead.length)
  return [...new Set([...ahead, ...around])]
}

type Claim = { tenants: readonly string[]; most: number; worker: string; now: Date; until: Date }

const wishOf = ({ worker, now, until }: Claim) => {
  const times = { now: storedTime(now), until: storedTime(until), worker }
  return (tenantId: string) => ({ tenant_id: tenantId, ...times })
}

// Round after round, one job of each tenant, until there are enough or no more.
export const claimJobs = (claim: Claim): Promise<JobRow[]> =>
  systemWrite(async ({ client, run }) => {
    const keys: JobKey[] = []
    for (let tenants = claim.tenants; tenants.length > 0 && keys.length < claim.most; ) {
      const asked = tenants.slice(0, claim.most - keys.length)
      const rows = await run(CLAIM_JOBS, { rows: JSON.stringify(asked.map(wishOf(claim))) })
      const taken = rows.map((row) => ({ tenantId: String(row['tenantId']), id: String(row['id']) }))
      keys.push(...taken)
      tenants = taken.map(({ tenantId }) => tenantId)
    }
    if (keys.length === 0) return []
    return client.job.findMany({ where: { OR: keys }, orderBy: [{ runAt: 'asc' }, { id: 'asc' }] })
  })

// The leases that this worker still holds; what is missing was taken over by another one.
export const renewLeases = async (worker: string, until: Date): Promise<string[]> =>
  systemWrite(async ({ client }) => {
    const mine = { leasedBy: worker, status: 'running' }
    await client.job.updateMany({ where: mine, data: { leaseUntil: until } })
    return (await client.job.findMany({ where: mine, select: { id: true } })).map((row) => row.id)
  })

const held = ({ tenantId, id, leasedBy, attempts }: Lease) => ({ tenantId, id, leasedBy, attempts, status: 'running' })

const FREE = { leaseUntil: null, leasedBy: null }

export type Ending =
  | { status: 'done'; at: Date }
  | { status: 'queued'; runAt: Date; error: string }
  | { status: 'dead'; at: Date; error: string }

const changesOf = (ending: Ending) => {
  if (ending.status === 'done') return { ...FREE, status: 'done', finishedAt: ending.at, lastError: null }
  if (ending.status === 'dead') return { ...FREE, status: 'dead', finishedAt: ending.at, lastError: ending.error }
  return { ...FREE, status: 'queued', runAt: ending.runAt, lastError: ending.error }
}

type Writing = Pick<WriteDb, 'job'>
type Say = (topic: Topic, payload: { id: string; kind: string; status: string }) => Promise<void>

// Inside a transaction, with or without a tenant lock: the row, and the news of it.
export const endWithin = async (
  db: Writing,
  say: Say,
  lease: Lease,
  kind: string,
  ending: Ending,
): Promise<boolean> => {
  const { count } = await db.job.updateMany({ where: held(lease), data: changesOf(ending) })
  if (count === 0) return false
  if (ending.status === 'queued') return true
  await say(`job.${ending.status}`, { id: lease.id, kind, status: ending.status })
  return true
}

const ended = async (lease: Lease, kind: string, ending: Ending): Promise<boolean> => {
  const isMine = await systemWrite((tx) =>
    endWithin(tx.client, (topic, payload) => emitFor(tx, lease.tenantId, topic, payload), lease, kind, ending),
  )
  if (isMine) kernel().bus.emit('committed', { tenantId: lease.tenantId })
  return isMine
}

export { ended as endJob }

export const expiredJobs = (now: Date): Promise<JobRow[]> =>
  systemDb().job.findMany({ where: { status: 'running', leaseUntil: { lt: now } }, take: 100 })

// A worker that leaves gives back what it could not finish, as if it had not begun.
export const releaseLeases = (worker: string, now: Date): Promise<number> =>
  systemWrite(async ({ client }) => {
    const { count } = await client.job.updateMany({
      where: { leasedBy: worker, status: 'running' },
      data: { ...FREE, status: 'queued', runAt: now, attempts: { decrement: 1 } },
    })
    return count
  })

export type Slot = { kind: string; key: string; now: Date; maxAttempts: number }

const isDuplicate = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'

// True for the one instance that wrote the slot's row.
export const enqueueSlot = async ({ kind, key, now, maxAttempts }: Slot): Promise<boolean> => {
  const tenantId_kind_dedupeKey = { tenantId: SYSTEM_TENANT, kind, dedupeKey: key }
  if (await systemDb().job.findUnique({ where: { tenantId_kind_dedupeKey }, select: { id: true } })) return false
  const row = { tenantId: SYSTEM_TENANT, id: uuidv7(now.getTime()), kind, dedupeKey: key, payload: {}, maxAttempts }
  try {
    await systemWrite(({ client }) => client.job.create({ data: { ...row, runAt: now, createdAt: now } }))
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export const ensureTenants = (ids: readonly string[], now: Date): Promise<void> =>
  systemWrite(async ({ client }: SystemWrite) => {
    for (const id of new Set(ids))
      await client.tenant.upsert({ where: { id }, create: { id, name: id, createdAt: now }, update: {} })
  })

// What waits, runs or is dead; finished jobs are many and are counted by the counter instead.
export const countByState = async (): Promise<Record<'queued' | 'running' | 'dead', number>> => {
  const states = ['queued', 'running', 'dead']
  const rows = await systemDb().job.groupBy({ by: ['status'], where: { status: { in: states } }, _count: true })
  const of = (status: string) => rows.find((row) => row.status === status)?._count ?? 0
  return { queued: of('queued'), running: of('running'), dead: of('dead') }
}

const SEEN = 'worker_seen'

export const noteWorker = (now: Date): Promise<unknown> =>
  systemWrite(({ client }) => {
    const value = BigInt(now.getTime())
    return client.counter.upsert({ where: { name: SEEN }, create: { name: SEEN, value }, update: { value } })
  })

export const workerSeenMs = async (): Promise<number | null> => {
  const row = await systemDb().counter.findUnique({ where: { name: SEEN } })
  return row ? Number(row.value) : null
}
