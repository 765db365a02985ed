import { z } from 'zod'
import type { WriteDb } from '@/lib/core/scope'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { isRole, type Role, SERVICE_SCOPES } from '@/lib/shared/rbac'
import { hashSecret } from './service-key'

const Texts = z.array(z.string()).catch([])
const Scopes = z.array(z.enum(SERVICE_SCOPES)).catch([])

type KeyRow = NonNullable<Awaited<ReturnType<ReturnType<typeof systemDb>['serviceKey']['findFirst']>>>

export type StoredKey = Omit<KeyRow, 'allowedTenants' | 'workspaceIds' | 'scopes'> & {
  allowedTenants: string[]
  workspaceIds: string[]
  scopes: (typeof SERVICE_SCOPES)[number][]
}

export const keyOf = (row: KeyRow): StoredKey => ({
  ...row,
  allowedTenants: Texts.parse(row.allowedTenants),
  workspaceIds: Texts.parse(row.workspaceIds),
  scopes: Scopes.parse(row.scopes),
})

// A key and its successors are one owner of the tenants that they make.
export const tenantOwner = (key: Pick<StoredKey, 'id' | 'originId'>): string => `key:${key.originId ?? key.id}`

export const findKeyBySecret = async (secret: string): Promise<StoredKey | null> => {
  const row = await systemDb().serviceKey.findUnique({ where: { keyHash: hashSecret(secret) } })
  return row ? keyOf(row) : null
}

export const hasUsableKey = async (now: Date): Promise<boolean> =>
  (await systemDb().serviceKey.count({
    where: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
  })) > 0

export const readRevocation = async (): Promise<bigint> =>
  (await systemDb().counter.findUnique({ where: { name: 'revocation' } }))?.value ?? 0n

export const stampLastUsed = (stamps: readonly { tenantId: string; id: string; at: Date }[]): Promise<void> =>
  systemWrite(async ({ client }) => {
    for (const { tenantId, id, at } of stamps) {
      await client.serviceKey.updateMany({ where: { tenantId, id }, data: { lastUsedAt: at } })
    }
  })

type SessionRow = NonNullable<Awaited<ReturnType<ReturnType<typeof systemDb>['opsSession']['findFirst']>>>

export type StoredSession = Omit<SessionRow, 'allowedTenants' | 'roles'> & {
  allowedTenants: string[]
  roles: Role[]
}

export const sessionOf = (row: SessionRow): StoredSession => ({
  ...row,
  allowedTenants: Texts.parse(row.allowedTenants),
  roles: Texts.parse(row.roles).filter(isRole),
})

export const findSessionBySecret = async (osid: string): Promise<StoredSession | null> => {
  const row = await systemDb().opsSession.findUnique({ where: { idHash: hashSecret(osid) } })
  return row ? sessionOf(row) : null
}

export const findSession = async (tenantId: string, id: string): Promise<StoredSession | null> => {
  const row = await systemDb().opsSession.findUnique({ where: { tenantId_id: { tenantId, id } } })
  return row ? sessionOf(row) : null
}

type SessionKey = { tenantId: string; id: string }

const live = ({ tenantId, id }: SessionKey) => ({ tenantId, id, revokedAt: null })

export const touchSession = (key: SessionKey, seen: Date, idleUntil: Date): Promise<unknown> =>
  systemWrite(({ client }) =>
    client.opsSession.updateMany({ where: live(key), data: { lastSeenAt: seen, idleExpiresAt: idleUntil } }),
  )

// Whoever changes the row holds the lease; everybody else reads again until it is free.
export const takeRefreshLease = (key: SessionKey, by: string, now: Date, until: Date): Promise<boolean> =>
  systemWrite(async ({ client }) => {
    const free = { OR: [{ refreshLeaseUntil: null }, { refreshLeaseUntil: { lt: now } }] }
    const { count } = await client.opsSession.updateMany({
      where: { ...live(key), ...free, recheckAt: { lte: now } },
      data: { refreshLeaseUntil: until, refreshLeaseBy: by },
    })
    return count === 1
  })

export type SessionRenewal = {
  recheckAt: Date
  userId?: string
  roles?: string[]
  rolesVersion?: number
  allowedTenants?: string[]
  activeTenantId?: string
  workspaceId?: string | null
  accessTokenEnc?: string
  refreshTokenEnc?: string | null
  idTokenEnc?: string
  accessExpiresAt?: Date | null
  name?: string | null
  email?: string | null
}

export const endRefreshLease = (key: SessionKey, by: string, renewal: SessionRenewal): Promise<unknown> =>
  systemWrite(({ client }) =>
    client.opsSession.updateMany({
      where: { ...live(key), refreshLeaseBy: by },
      data: { ...renewal, refreshLeaseUntil: null, refreshLeaseBy: null },
    }),
  )

export const keepUnderLease = (
  key: SessionKey,
  by: string,
  tokens: Pick<SessionRenewal, 'accessTokenEnc' | 'refreshTokenEnc' | 'idTokenEnc'>,
): Promise<unknown> =>
  systemWrite(({ client }) =>
    client.opsSession.updateMany({ where: { ...live(key), refreshLeaseBy: by }, data: tokens }),
  )

const ended = (now: Date, reason: string) => ({
  revokedAt: now,
  revokeReason: reason,
  accessTokenEnc: null,
  refreshTokenEnc: null,
  idTokenEnc: null,
})

// True for the one caller that ended it, so that ending twice is audited once.
export const endSession = async (
  db: Pick<WriteDb, 'opsSession'>,
  key: SessionKey,
  now: Date,
  reason: string,
): Promise<boolean> => {
  const { count } = await db.opsSession.updateMany({ where: live(key), data: ended(now, reason) })
  return count === 1
}

export const isDuplicate = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'

// Read at every request and kept nowhere, so that a window ends when its time is up or somebody closes it.
export const findOpenWindow = (tenantId: string, userId: string, now: Date) =>
  systemDb().receipt.findFirst({
    where: { tenantId, kind: 'break_glass', userId, expiresAt: { gt: now }, closedAt: null },
    orderBy: { createdAt: 'desc' },
    select: { id: true, data: true, expiresAt: true },
  })

export type KnownTenant = { id: string; createdBy: string | null }

export const findTenant = (id: string): Promise<KnownTenant | null> =>
  systemDb().tenant.findUnique({ where: { id }, select: { id: true, createdBy: true } })

export const listTenantsOf = async (createdBy: string, most: number): Promise<string[]> => {
  const rows = await systemDb().tenant.findMany({
    where: { createdBy },
    orderBy: { id: 'asc' },
    take: most,
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

// Those of the given ids that there are; null asks for all.
export const listTenants = async (ids: readonly string[] | null, most: number): Promise<string[]> => {
  const where = ids === null ? {} : { id: { in: [...ids] } }
  const rows = await systemDb().tenant.findMany({ where, orderBy: { id: 'asc' }, take: most, select: { id: true } })
  return rows.map(({ id }) => id)
}
