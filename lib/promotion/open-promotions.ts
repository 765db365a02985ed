import type { Scope } from '@/lib/core/scope'
import type { Promotion } from './contract'
import { shown } from './get-promotion'
import type { PromotionRow } from './store'

const WITH = { approvals: { orderBy: { decidedAt: 'asc' as const } } }

const findOpenRows = (scope: Scope, take: number): Promise<PromotionRow[]> => {
  const { workspaceIds } = scope.identity
  return scope.db.promotion.findMany({
    where: {
      status: { in: ['blocked', 'waiting'] },
      ...(workspaceIds === null ? {} : { workspaceId: { in: [...workspaceIds] } }),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take,
    include: WITH,
  })
}

/** What is on its way in all workspaces in reach, newest first, as it stands now and with what the caller may do. */
export const openPromotions = async (scope: Scope, most: number): Promise<Promotion[]> => {
  const found: Promotion[] = []
  for (const row of await findOpenRows(scope, most)) found.push(await shown(scope, row))
  return found
}
