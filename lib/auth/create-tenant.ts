import { kernel } from '@/lib/core/kernel'
import { createScope, type Identity } from '@/lib/core/scope'
import type { GuardVisit } from './guard-visit'
import { guardGeneration, recalled, rememberSince, watchRevocations } from './revocation'
import { CREATE_TENANT } from './sql'
import { findTenant, type KnownTenant } from './store'

const EXISTS = Symbol('exists')

// Remembered only while it exists: a tenant that another instance makes a moment later must not stay unknown here.
export const knownTenant = async (id: string): Promise<KnownTenant | null> => {
  const key = `tenant:${id}`
  const known = recalled<KnownTenant>(key)
  if (known) return known
  await watchRevocations()
  const since = guardGeneration()
  const tenant = await findTenant(id)
  if (tenant) rememberSince(since, key, tenant)
  return tenant
}

// The row and its audit entry in one transaction; false when somebody else was first.
const create = async (id: string, createdBy: string, by: Identity, visit: GuardVisit): Promise<boolean> => {
  const { requestId, traceId, signal, log } = visit
  const scope = createScope({ identity: by, tenantId: id, requestId, traceId, signal, log })
  const data = { kind: 'tenant_created', created_by: createdBy }
  const row = { id, at: kernel().clock.now().toISOString(), by: createdBy }
  try {
    await scope.mutate({ event: 'config_change', entityId: id, data }, async (db) => {
      if ((await db.run(CREATE_TENANT, [row])).length === 0) throw EXISTS
    })
    return true
  } catch (error) {
    if (error === EXISTS) return false
    throw error
  }
}

export const ensureTenant = async (
  id: string,
  createdBy: string,
  by: Identity,
  visit: GuardVisit,
): Promise<KnownTenant> => {
  const known = await knownTenant(id)
  if (known) return known
  await create(id, createdBy, by, visit)
  return (await knownTenant(id)) ?? { id, createdBy: null }
}
