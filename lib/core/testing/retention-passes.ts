import { expect } from 'vitest'
import { enforce } from '@/lib/retention'
import { systemDb } from '../system-db'
import type { TestTenant } from './kernel'

export const idsOf = async ({ scope }: TestTenant) =>
  (await scope.db.trace.findMany({ orderBy: [{ startedAt: 'asc' }, { id: 'asc' }] })).map(({ id }) => id)

export const one = async (tenant: TestTenant, body: object = {}) => {
  const { result } = await enforce(tenant.scope, body, true)
  return result ?? expect.unreachable()
}

export const payloads = async (tenant: TestTenant, entityId?: string) => {
  const where = { tenantId: tenant.id, eventType: 'retention_enforced', ...(entityId ? { entityId } : {}) }
  const rows = await systemDb().auditEntry.findMany({ where, orderBy: { seq: 'asc' } })
  const found = await systemDb().auditPayload.findMany({
    where: { tenantId: tenant.id, seq: { in: rows.map(({ seq }) => seq) } },
    orderBy: { seq: 'asc' },
  })
  return found.map(({ data }) => JSON.parse(data) as Record<string, unknown>)
}

export const certificates = (tenant: TestTenant) => payloads(tenant, 'retention')
