import type { MutateDb, ReadDb } from '@/lib/core/scope'
import type { PromotionStatus } from './contract'

type Db = ReadDb | MutateDb

const key = (db: Db, id: string) => ({ tenantId_id: { tenantId: db.tenantId, id } })

export const findPromotion = (db: Db, id: string) =>
  db.promotion.findUnique({ where: key(db, id), include: { approvals: { orderBy: { decidedAt: 'asc' } } } })
export type PromotionRow = NonNullable<Awaited<ReturnType<typeof findPromotion>>>
export type ApprovalRow = PromotionRow['approvals'][number]

// Null is every workspace of the tenant.
type Filter = {
  workspaces: readonly string[] | null
  status?: string | undefined
  targetEnv?: string | undefined
}

const whereOf = ({ workspaces, status, targetEnv }: Filter) => ({
  ...(workspaces === null ? {} : { workspaceId: { in: [...workspaces] } }),
  ...(status === undefined ? {} : { status }),
  ...(targetEnv === undefined ? {} : { targetEnv }),
})

export const findPromotions = (db: Db, filter: Filter, { limit, offset }: { limit: number; offset: number }) =>
  db.promotion.findMany({
    where: whereOf(filter),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    skip: offset,
    include: { approvals: true },
  })

export const countPromotions = (db: Db, filter: Filter): Promise<number> =>
  db.promotion.count({ where: whereOf(filter) })

const OPEN = ['blocked', 'waiting']

/** The newest on this way that is neither executed nor given up. */
export const findOpen = (db: Db, workspaceId: string, sourceEnv: string, targetEnv: string) =>
  db.promotion.findFirst({
    where: { workspaceId, sourceEnv, targetEnv, status: { in: OPEN } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    include: { approvals: true },
  })

type Json = Parameters<MutateDb['job']['create']>[0]['data']['payload']

type Columns = Omit<PromotionRow, 'tenantId' | 'approvals' | 'candidate' | 'gates' | 'checks' | 'targetBefore'>
type NewRow = Columns & { candidate: Json; gates: Json; checks: Json; targetBefore?: Json }

export const insertPromotion = (db: MutateDb, row: NewRow) =>
  db.promotion.create({ data: { tenantId: db.tenantId, ...row } })

type Expected = { status: readonly PromotionStatus[]; evidenceHash?: string | null }

/** False where it is not, or not any more, what the caller has seen. */
export const changePromotion = async (
  db: MutateDb,
  id: string,
  { status, evidenceHash }: Expected,
  data: Partial<NewRow>,
): Promise<boolean> => {
  const seen = evidenceHash === undefined ? {} : { evidenceHash }
  const { count } = await db.promotion.updateMany({ where: { id, status: { in: [...status] }, ...seen }, data })
  return count === 1
}

export const putApproval = (db: MutateDb, row: Omit<ApprovalRow, 'tenantId'>) => {
  const { promotionId, userId, ...rest } = row
  const where = { tenantId_promotionId_userId: { tenantId: db.tenantId, promotionId, userId } }
  return db.promotionApproval.upsert({ where, create: { tenantId: db.tenantId, ...row }, update: rest })
}

/** What people of this tenant were last seen to be; nobody stands here who only ever came with a bearer token. */
export const lastSessions = async (db: Db, userIds: readonly string[]) => {
  const rows = await db.opsSession.findMany({
    where: { userId: { in: [...userIds] } },
    orderBy: { lastSeenAt: 'desc' },
    take: 500,
    select: { userId: true, roles: true, workspaceId: true, revokeReason: true },
  })
  const newest = new Map<string, (typeof rows)[number]>()
  for (const row of rows) if (!newest.has(row.userId)) newest.set(row.userId, row)
  return newest
}

/** Sets that this environment had, the newest first. */
export const findPinHistory = async (db: Db, workspaceId: string, environment: string) =>
  db.pinChange.findMany({
    where: { workspaceId, environment },
    orderBy: [{ revision: 'desc' }],
    take: 1_000,
    select: { revision: true, before: true, after: true, promotionId: true, changedBy: true, changedAt: true },
  })
