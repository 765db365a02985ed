import { kernel } from '@/lib/core/kernel'
import { createScope, type Identity } from '@/lib/core/scope'
import type { WriteStatement } from '@/lib/core/statement'
import type { GuardVisit } from './guard-visit'
import { guardGeneration, recalled, rememberSince, watchRevocations } from './revocation'
import { CLAIM_TENANT, CREATE_TENANT } from './sql'
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

type Maker = { createdBy: string; by: Identity; visit: GuardVisit }

// The row and its audit entry in one transaction, or neither: somebody else was first.
const create = async (id: string, { createdBy, by, visit }: Maker, statement: WriteStatement): Promise<void> => {
  const { requestId, traceId, signal, log } = visit
  const scope = createScope({ identity: by, tenantId: id, requestId, traceId, signal, log })
  const data = { kind: 'tenant_created', created_by: createdBy }
  const row = { id, at: kernel().clock.now().toISOString(), by: createdBy }
  try {
    await scope.mutate({ event: 'config_change', entityId: id, data }, async (db) => {
      if ((await db.run(statement, [row])).length === 0) throw EXISTS
    })
  } catch (error) {
    if (error !== EXISTS) throw error
  }
}

const ensure = async (id: string, maker: Maker, statement: WriteStatement): Promise<KnownTenant> => {
  const known = await knownTenant(id)
  if (known) return known
  await create(id, maker, statement)
  return (await knownTenant(id)) ?? { id, createdBy: null }
}

// For a person whose provider vouches for the tenant: it is theirs whether or not something is in it.
export const ensureTenant = (id: string, maker: Maker): Promise<KnownTenant> => ensure(id, maker, CREATE_TENANT)

// For a caller who only names it: nothing may have been written there before.
export const claimTenant = (id: string, maker: Maker): Promise<KnownTenant> => ensure(id, maker, CLAIM_TENANT)
