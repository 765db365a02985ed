import type { Metadata } from 'next'
import { PromotionScreen } from '@/components/promotions/promotion-screen'
import { promotionPage } from '@/components/promotions/promotions-query'
import { consolePage, unlessMissing } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { getPromotion } from '@/lib/promotion'
import { opsGetPromotion } from '@/lib/promotion/contract'
import { firstWorkspace } from '@/lib/workspace'

export const metadata: Metadata = { title: 'Promotion' }

export default consolePage('/ops/promotions/{id}', 'workspace:view', promotionPage, async (scope, query, input) => {
  const { id = '' } = input.params
  const workspaceId = query.workspace_id ?? firstWorkspace(scope)
  const load = await unlessMissing(() => getPromotion(scope, workspaceId, id))
  return (
    <Prefetch of={opsGetPromotion} input={{ params: { workspaceId, id }, query: {} }} load={load}>
      <PromotionScreen workspaceId={workspaceId} id={id} />
    </Prefetch>
  )
})
