import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import type { Promotion, PromotionFilter } from './contract'
import { presentPromotion, presentSummary } from './present'
import { enter } from './route-state'
import { countPromotions, findPromotion, findPromotions, type PromotionRow } from './store'
import { approvalsOf, verdictOf } from './verdict'

/** One of this workspace; unknown, foreign and another workspace's are all not found. */
export const requirePromotion = async (scope: Scope, workspaceId: string, id: string): Promise<PromotionRow> => {
  const place = await enter(scope, workspaceId)
  const row = await findPromotion(scope.db, id.toLowerCase())
  return row !== null && row.workspaceId === place ? row : missing('promotion', id)
}

export const shown = async (scope: Scope, row: PromotionRow): Promise<Promotion> =>
  presentPromotion(scope, row, await verdictOf(scope, scope.db, row))

/** After a change: as it stands now. */
export const reread = async (scope: Scope, id: string): Promise<{ status: 'ok'; promotion: Promotion }> => {
  const row = (await findPromotion(scope.db, id)) ?? missing('promotion', id)
  return { status: 'ok', promotion: await shown(scope, row) }
}

export const getPromotion = async (
  scope: Scope,
  workspaceId: string,
  id: string,
): Promise<{ promotion: Promotion }> => ({
  promotion: await shown(scope, await requirePromotion(scope, workspaceId, id)),
})

const pageOf = async (scope: Scope, workspaces: readonly string[] | null, filter: PromotionFilter) => {
  const { status, target_env: targetEnv, limit, offset } = filter
  const wanted = { workspaces, status, targetEnv }
  const rows = await findPromotions(scope.db, wanted, { limit, offset })
  const total = await countPromotions(scope.db, wanted)
  const now = scope.clock.now()
  const promotions = []
  for (const row of rows) {
    const lacks = row.status === 'waiting' ? await approvalsOf(scope.db, row) : null
    promotions.push(presentSummary(row, now, lacks !== null && lacks.given < lacks.required))
  }
  return { promotions, total, has_more: offset + rows.length < total, limit, offset }
}

export const listPromotions = async (scope: Scope, id: string, filter: PromotionFilter) =>
  pageOf(scope, [await enter(scope, id)], filter)

/** Of every workspace that the caller may enter. */
export const listAllPromotions = async (
  scope: Scope,
  { workspace_id: id, ...filter }: PromotionFilter & { workspace_id?: string | undefined },
) => pageOf(scope, id === undefined ? scope.identity.workspaceIds : [await enter(scope, id)], filter)
