import type { Metadata } from 'next'
import { CostScreen } from '@/components/insights/cost-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { costDashboard } from '@/lib/insights'
import { opsCostDashboard } from '@/lib/insights/contract'

export const metadata: Metadata = { title: 'Cost' }

export default consolePage('/ops/cost', 'dashboard:view', opsCostDashboard, (scope, query, input) => (
  <Prefetch of={opsCostDashboard} input={{ query: input.query }} load={() => costDashboard(scope, query)}>
    <CostScreen />
  </Prefetch>
))
