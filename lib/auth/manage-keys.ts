import type { z } from 'zod'
import { dateOf } from '@/lib/core/clock'
import type { MutateDb, ReadDb, Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { missing, Problem } from '@/lib/shared/problem'
import type { ApiKey, KeyWithSecret, NewKey, Rotation } from './contract'
import { refuseCreation, refuseRotation, refuseWorkspaces } from './key-limits'
import { presentKey } from './present'
import { bumpRevocation, dropGuards } from './revocation'
import { type FreshKey, isUsable, newServiceKey } from './service-key'
import { isDuplicate, keyOf, type StoredKey } from './store'

type Reach = 'tenant_mode' | 'allowed_tenants'
type Wanted = Omit<z.output<typeof NewKey>, Reach> & Partial<Pick<z.output<typeof NewKey>, Reach>>
type WithSecret = z.input<typeof KeyWithSecret>

const MAX_KEYS = 500
const DAY_MS = 86_400_000
const NO_SUCCESSORS: ReadonlySet<string> = new Set()

const mustFind = async (db: ReadDb, id: string): Promise<StoredKey> =>
  keyOf(
    (await db.serviceKey.findUnique({ where: { tenantId_id: { tenantId: db.tenantId, id } } })) ??
      missing('api key', id),
  )

const replacedIds = async (db: ReadDb): Promise<ReadonlySet<string>> => {
  const rows = await db.serviceKey.findMany({
    where: { rotatedFromId: { not: null } },
    select: { rotatedFromId: true },
  })
  return new Set(rows.flatMap((row) => (row.rotatedFromId ? [row.rotatedFromId] : [])))
}

const grantOf = (scope: Scope, wanted: Wanted) => {
  const { tenant_mode: tenantMode = 'fixed', allowed_tenants: wished = [] } = wanted
  const allowedTenants = [...new Set(wished)].filter((tenant) => tenant !== scope.tenantId)
  if (tenantMode === 'per_user' && allowedTenants.length > 0) {
    throw new Problem('invalid_request', 'A per_user key reaches the tenants it has created and no others.', {
      formErrors: [],
      fieldErrors: { allowed_tenants: ['must be empty for a per_user key'] },
    })
  }
  return {
    scopes: wanted.scopes as string[],
    workspaceIds: wanted.workspace_ids,
    allowedTenants,
    tenantMode,
  }
}

const rowOf = (scope: Scope, wanted: Wanted, key: FreshKey, now: Date) => ({
  ...grantOf(scope, wanted),
  tenantId: scope.tenantId,
  id: uuidv7(now.getTime()),
  name: wanted.name,
  prefix: key.prefix,
  keyHash: key.hash,
  createdBy: scope.actor,
  createdAt: now,
  expiresAt: wanted.expires_in_days === null ? null : dateOf(now.getTime() + wanted.expires_in_days * DAY_MS),
})

const about = (kind: string, key: StoredKey) => ({
  kind,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  tenant_mode: key.tenantMode,
  allowed_tenants: key.allowedTenants,
  expires_at: key.expiresAt?.toISOString() ?? null,
})

export const listKeys = async (scope: Scope): Promise<{ keys: ApiKey[] }> => {
  const [rows, replaced] = await Promise.all([
    scope.db.serviceKey.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: MAX_KEYS }),
    replacedIds(scope.db),
  ])
  return { keys: rows.map((row) => presentKey(keyOf(row), scope.clock.now(), replaced)) }
}

export const createKey = async (scope: Scope, wanted: Wanted): Promise<WithSecret> => {
  refuseCreation(scope, grantOf(scope, wanted))
  const now = scope.clock.now()
  const fresh = newServiceKey()
  const row = rowOf(scope, wanted, fresh, now)
  const data = (key: StoredKey) => about('api_key_created', key)
  const key = await scope.mutate({ event: 'config_change', entityId: row.id, data }, async (db) =>
    keyOf(await db.serviceKey.create({ data: row })),
  )
  return { key: presentKey(key, now, NO_SUCCESSORS), secret: fresh.text }
}

const earlier = (a: Date | null, b: Date): Date => (a !== null && a < b ? a : b)

// The successor lives as long as its predecessor was meant to.
const successorOf = (old: StoredKey, fresh: FreshKey, scope: Scope, now: Date) => ({
  tenantId: scope.tenantId,
  id: uuidv7(now.getTime()),
  name: old.name,
  prefix: fresh.prefix,
  keyHash: fresh.hash,
  allowedTenants: old.allowedTenants,
  workspaceIds: old.workspaceIds,
  scopes: old.scopes as string[],
  tenantMode: old.tenantMode,
  createdBy: scope.actor,
  createdAt: now,
  expiresAt: old.expiresAt ? dateOf(now.getTime() + (old.expiresAt.getTime() - old.createdAt.getTime())) : null,
  rotatedFromId: old.id,
  originId: old.originId ?? old.id,
})

// The database itself allows one successor for a key, whoever else rotates it at the same moment.
const alreadyRotated = (error: unknown): unknown =>
  isDuplicate(error)
    ? new Problem('version_conflict', 'This key was already rotated.', undefined, { cause: error })
    : error

const retire = async (db: MutateDb, old: StoredKey, until: Date): Promise<void> => {
  const { count } = await db.serviceKey.updateMany({
    where: { id: old.id, revokedAt: null },
    data: { expiresAt: earlier(old.expiresAt, until) },
  })
  if (count === 0) throw new Problem('version_conflict', 'Only a living key can be rotated.')
  await bumpRevocation(db)
}

export const rotateKey = async (
  scope: Scope,
  id: string,
  { grace_minutes }: z.output<typeof Rotation>,
): Promise<WithSecret> => {
  const now = scope.clock.now()
  const old = await mustFind(scope.db, id)
  if (!isUsable(old, now)) throw new Problem('version_conflict', 'Only a living key can be rotated.')
  refuseRotation(scope, old)
  const fresh = newServiceKey()
  const next = successorOf(old, fresh, scope, now)
  const data = (key: StoredKey) => ({ ...about('api_key_rotated', key), replaces: old.id, grace_minutes })
  try {
    const key = await scope.mutate({ event: 'config_change', entityId: next.id, data }, async (db) => {
      await retire(db, old, dateOf(now.getTime() + grace_minutes * 60_000))
      return keyOf(await db.serviceKey.create({ data: next }))
    })
    return { key: presentKey(key, now, NO_SUCCESSORS), secret: fresh.text }
  } catch (error) {
    throw alreadyRotated(error)
  } finally {
    dropGuards()
  }
}

export const revokeKey = async (scope: Scope, id: string): Promise<{ status: 'ok'; key: ApiKey }> => {
  const now = scope.clock.now()
  const old = await mustFind(scope.db, id)
  if (old.revokedAt) return { status: 'ok', key: presentKey(old, now, NO_SUCCESSORS) }
  refuseWorkspaces(scope.identity, old.workspaceIds)
  const data = about('api_key_revoked', old)
  try {
    await scope.mutate({ event: 'config_change', entityId: id, data }, async (db) => {
      await db.serviceKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } })
      await bumpRevocation(db)
    })
  } finally {
    dropGuards()
  }
  return { status: 'ok', key: presentKey({ ...old, revokedAt: now }, now, NO_SUCCESSORS) }
}
