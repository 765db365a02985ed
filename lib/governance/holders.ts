import { z } from 'zod'
import type { ActRight } from '@/lib/core/audit-event-facts'
import type { ReadDb } from '@/lib/core/scope'
import { isRole, type Permission, ROLES, type Role, rolesWith, SERVICE_SCOPES } from '@/lib/shared/rbac'

const MOST = 500
const MOST_LOOKED_AT = 5_000

const Texts = z.array(z.string()).catch([])
const Scopes = z.array(z.enum(SERVICE_SCOPES)).catch([])
const Opened = z.object({ permissions: Texts }).catch({ permissions: [] })

type Moment = { at: Date; workspaceId: string | null }
type Person = {
  userId: string
  name: string | null
  role: Role | null
  through: 'role' | 'break_glass'
  sessionId: string | null
  breakGlassId: string | null
  since: Date
}
type Key = { id: string; name: string; scopes: (typeof SERVICE_SCOPES)[number][]; since: Date }
export type Holders = { people: Person[]; keys: Key[]; isCapped: boolean }

export const rolesHolding = (permissions: readonly Permission[]): Role[] =>
  ROLES.filter((role) => permissions.some((permission) => rolesWith(permission).includes(role)))

// What ended in the very millisecond may have acted in it.
const alive = (at: Date) => ({ createdAt: { lte: at }, OR: [{ revokedAt: null }, { revokedAt: { gte: at } }] })

// What bounds a session or a key to workspaces held then too, where the event belongs to one.
const covers = (fence: readonly string[], workspaceId: string | null): boolean =>
  fence.length === 0 || workspaceId === null || fence.includes(workspaceId)

const sessionsAt = async (db: ReadDb, { at, workspaceId }: Moment, roles: readonly Role[]) => {
  const rows = await db.opsSession.findMany({
    where: { ...alive(at), expiresAt: { gt: at }, idleExpiresAt: { gt: at } },
    orderBy: { createdAt: 'desc' },
    take: MOST_LOOKED_AT,
    select: { id: true, userId: true, name: true, roles: true, workspaceId: true, createdAt: true },
  })
  return rows.flatMap((row): Person[] => {
    const held = Texts.parse(row.roles)
    const role = ROLES.findLast((candidate) => held.includes(candidate)) ?? null
    const isHolder = role !== null && roles.includes(role)
    if (!isHolder || !covers(row.workspaceId === null ? [] : [row.workspaceId], workspaceId)) return []
    const { id, userId, name, createdAt } = row
    return [{ userId, name, role, through: 'role', sessionId: id, breakGlassId: null, since: createdAt }]
  })
}

const windowsAt = async (db: ReadDb, { at }: Moment, permissions: readonly Permission[]): Promise<Person[]> => {
  const rows = await db.receipt.findMany({
    where: {
      ...{ kind: 'break_glass', createdAt: { lte: at }, expiresAt: { gt: at } },
      OR: [{ closedAt: null }, { closedAt: { gte: at } }],
    },
    orderBy: { createdAt: 'desc' },
    take: MOST_LOOKED_AT,
  })
  return rows.flatMap((row): Person[] => {
    const opened = Opened.parse(row.data).permissions
    if (row.userId === null || !permissions.some((permission) => opened.includes(permission))) return []
    const role = isRole(row.role) ? row.role : null
    const through = { through: 'break_glass', sessionId: null, breakGlassId: row.id } as const
    return [{ userId: row.userId, name: null, role, ...through, since: row.createdAt }]
  })
}

const keysAt = async (db: ReadDb, { at, workspaceId }: Moment, needed: ActRight['scopes']): Promise<Key[]> => {
  if (needed.length === 0) return []
  const rows = await db.serviceKey.findMany({
    where: { ...alive(at), AND: [{ OR: [{ expiresAt: null }, { expiresAt: { gt: at } }] }] },
    orderBy: { createdAt: 'desc' },
    take: MOST_LOOKED_AT,
    select: { id: true, name: true, scopes: true, workspaceIds: true, createdAt: true },
  })
  return rows.flatMap((row): Key[] => {
    const scopes = Scopes.parse(row.scopes)
    const isHolder =
      scopes.some((scope) => needed.includes(scope)) && covers(Texts.parse(row.workspaceIds), workspaceId)
    return isHolder ? [{ id: row.id, name: row.name, scopes, since: row.createdAt }] : []
  })
}

/** Whoever of the tenant held a right at a moment: by a session, by a window, by a key. */
export const holdersAt = async (db: ReadDb, moment: Moment, { permissions, scopes }: ActRight): Promise<Holders> => {
  const roles = rolesHolding(permissions)
  const [sessions, windows, keys] = await Promise.all([
    roles.length === 0 ? [] : sessionsAt(db, moment, roles),
    permissions.length === 0 ? [] : windowsAt(db, moment, permissions),
    keysAt(db, moment, scopes),
  ])
  const people = [...sessions, ...windows]
  return {
    people: people.slice(0, MOST),
    keys: keys.slice(0, MOST),
    isCapped: people.length > MOST || keys.length > MOST,
  }
}
