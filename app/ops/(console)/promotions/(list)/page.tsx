import type { Metadata } from 'next'
import { callWire, promotionsPage } from '@/components/promotions/promotions-query'
import { PromotionsScreen } from '@/components/promotions/promotions-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { listPromotions } from '@/lib/promotion'
import { opsListPromotions } from '@/lib/promotion/contract'
import { firstWorkspace } from '@/lib/workspace'

export const metadata: Metadata = { title: 'Promotions' }

export default consolePage('/ops/promotions', 'workspace:view', promotionsPage, (scope, query, input) => {
  const workspaceId = query.workspace_id ?? firstWorkspace(scope)
  const wire = callWire(input.query)
  return (
    <Prefetch
      of={opsListPromotions}
      input={{ params: { workspaceId }, query: wire }}
      load={() => listPromotions(scope, workspaceId, query)}
    >
      <PromotionsScreen first={workspaceId} />
    </Prefetch>
  )
})
