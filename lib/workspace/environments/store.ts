import type { MutateDb, ReadDb } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { type Pin, pinSetIn } from './pin-set'
import { insertTenant, insertWorkspace, lockEnvironments } from './sql'

type Db = ReadDb | MutateDb

export type EnvironmentRow = {
  name: string
  description: string | null
  isDefault: boolean
  isLocked: boolean
  createdAt: Date
  updatedAt: Date
}

const ENVIRONMENT = {
  name: true,
  description: true,
  isDefault: true,
  isLocked: true,
  createdAt: true,
  updatedAt: true,
} as const

type PinRow = {
  id: string
  revision: number
  environment: string
  versionHash: string
  skillPins: unknown
  modelPin: string | null
  providerPin: string | null
  canary: unknown
  pinnedBy: string
  pinnedAt: Date
}

const pinOf = (row: PinRow): Pin & { environment: string } => ({
  ...pinSetIn(row),
  id: row.id,
  environment: row.environment,
  revision: row.revision,
  pinnedBy: row.pinnedBy,
  pinnedAt: row.pinnedAt,
})

export const findPin = async (db: Db, workspaceId: string, environment: string) => {
  const where = {
    tenantId_workspaceId_environment: { tenantId: db.tenantId, workspaceId, environment },
  }
  const row = await db.workspacePin.findUnique({ where })
  return row && pinOf(row)
}

export const findPins = async (db: Db, workspaceId: string) =>
  (await db.workspacePin.findMany({ where: { workspaceId }, orderBy: { environment: 'asc' } })).map(pinOf)

export const findEnvironment = (db: Db, workspaceId: string, name: string): Promise<EnvironmentRow | null> =>
  db.workspaceEnvironment.findUnique({
    where: { tenantId_workspaceId_name: { tenantId: db.tenantId, workspaceId, name } },
    select: ENVIRONMENT,
  })

export const findEnvironments = (db: Db, workspaceId: string): Promise<EnvironmentRow[]> =>
  db.workspaceEnvironment.findMany({ where: { workspaceId }, select: ENVIRONMENT, orderBy: { name: 'asc' } })

/** From here to the commit nobody else changes environments or pins of this workspace, which has its row from now on. */
export const ownEnvironments = async (db: MutateDb, workspaceId: string, at: Date): Promise<void> => {
  await db.run(lockEnvironments, [{ workspace: workspaceId }])
  const row = { workspace: workspaceId, at: storedTime(at) }
  await db.run(insertTenant, [row])
  await db.run(insertWorkspace, [row])
}

type NewEnvironment = { workspaceId: string; name: string; at: Date; isDefault: boolean } & Partial<
  Pick<EnvironmentRow, 'description' | 'isLocked'>
>

export const insertEnvironment = async (db: MutateDb, made: NewEnvironment): Promise<EnvironmentRow> => {
  const { workspaceId, name, at, isDefault, description = null, isLocked = false } = made
  const { tenantId } = db
  return db.workspaceEnvironment.create({
    data: { tenantId, workspaceId, name, description, isDefault, isLocked, createdAt: at, updatedAt: at },
    select: ENVIRONMENT,
  })
}

export const makeDefault = async (db: MutateDb, workspaceId: string, name: string, at: Date): Promise<void> => {
  await db.workspaceEnvironment.updateMany({
    where: { workspaceId, isDefault: true, NOT: { name } },
    data: { isDefault: false, updatedAt: at },
  })
  await db.workspaceEnvironment.updateMany({
    where: { workspaceId, name, isDefault: false },
    data: { isDefault: true, updatedAt: at },
  })
}

type Changes = Pick<EnvironmentRow, 'description' | 'isLocked'>

export const updateEnvironment = async (
  db: MutateDb,
  workspaceId: string,
  name: string,
  changes: Changes & { at: Date },
): Promise<void> => {
  const { description, isLocked, at } = changes
  await db.workspaceEnvironment.updateMany({
    where: { workspaceId, name },
    data: { description, isLocked, updatedAt: at },
  })
}

export type ChangeRow = {
  id: string
  workspaceId: string
  environment: string
  kind: string
  before: unknown
  after: unknown
  revision: number
  promotionId: string | null
  reason: string | null
  changedBy: string
  changedAt: Date
}

type Wanted = {
  workspaceId: string
  environment?: string | undefined
  before?: { at: Date; id: string }
  limit: number
}

export const findChanges = (db: ReadDb, { workspaceId, environment, before, limit }: Wanted): Promise<ChangeRow[]> =>
  db.pinChange.findMany({
    where: {
      workspaceId,
      ...(environment === undefined ? {} : { environment }),
      ...(before === undefined
        ? {}
        : { OR: [{ changedAt: { lt: before.at } }, { changedAt: before.at, id: { lt: before.id } }] }),
    },
    orderBy: [{ changedAt: 'desc' }, { id: 'desc' }],
    take: limit,
  })

// Enough of them: each is an act of a person, and the first ones after a promotion are what it was made of.
const MOST_ROLLBACKS = 5_000

/** What rollbacks took away since a version last came in by promotion, the first one first. */
export const findRolledAway = async (db: Db, workspaceId: string, environment: string): Promise<unknown[]> => {
  const where = { workspaceId, environment }
  const { _max } = await db.pinChange.aggregate({ where: { ...where, kind: 'promotion' }, _max: { revision: true } })
  const rows = await db.pinChange.findMany({
    where: { ...where, kind: 'rollback', revision: { gt: _max.revision ?? 0 } },
    orderBy: { revision: 'asc' },
    take: MOST_ROLLBACKS,
    select: { before: true },
  })
  return rows.map(({ before }) => before)
}
