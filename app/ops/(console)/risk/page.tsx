import type { Metadata } from 'next'
import { RiskScreen } from '@/components/insights/risk-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { riskDashboard } from '@/lib/insights'
import { opsRiskDashboard } from '@/lib/insights/contract'

export const metadata: Metadata = { title: 'Risk' }

export default consolePage('/ops/risk', 'dashboard:view', opsRiskDashboard, (scope, query, input) => (
  <Prefetch of={opsRiskDashboard} input={{ query: input.query }} load={() => riskDashboard(scope, query)}>
    <RiskScreen />
  </Prefetch>
))
