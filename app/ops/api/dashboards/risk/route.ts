import { route } from '@/lib/http/route'
import { riskDashboard } from '@/lib/insights'
import { opsRiskDashboard } from '@/lib/insights/contract'

export const GET = route(opsRiskDashboard, (scope, { query }) => riskDashboard(scope, query))
