import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { NEWS_AFTER, UNSEALED_TENANTS } from './sql'

const shape = { id: true, tenantId: true, topic: true, payload: true, createdAt: true } as const

export const newestEventIds = async (most: number): Promise<bigint[]> => {
  const rows = await systemDb().outboxEvent.findMany({ select: { id: true }, orderBy: { id: 'desc' }, take: most })
  return rows.map((row) => BigInt(row.id)).reverse()
}

const findAfter = (last: bigint, most: number) =>
  systemDb().outboxEvent.findMany({ where: { id: { gt: last } }, orderBy: { id: 'asc' }, take: most, select: shape })

// Asked after every commit, and hardly ever is there anything.
export const eventsAfter = async (last: bigint, most: number): Promise<Awaited<ReturnType<typeof findAfter>>> => {
  const [found] = await kernel().db.rows(NEWS_AFTER, { tenant: '', last })
  return found ? findAfter(last, most) : []
}

export const eventsAmong = (ids: readonly bigint[]) =>
  systemDb().outboxEvent.findMany({ where: { id: { in: [...ids] } }, orderBy: { id: 'asc' }, select: shape })

export const auditSizes = async (tenantIds: readonly string[]): Promise<Map<string, bigint>> => {
  const where = { tenantId: { in: [...tenantIds] } }
  const rows = await systemDb().auditHead.findMany({ where, select: { tenantId: true, size: true } })
  return new Map(rows.map((row) => [row.tenantId, BigInt(row.size)]))
}

export const unsealedTenants = async (after: string, most: number): Promise<string[]> => {
  const rows = await kernel().db.rows(UNSEALED_TENANTS, { tenant: after, most })
  return rows.map((row) => String(row['tenantId']))
}
