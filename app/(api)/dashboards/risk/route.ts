import { route } from '@/lib/http/route'
import { riskDashboard as act } from '@/lib/insights'
import { riskDashboard } from '@/lib/insights/contract'

export const GET = route(riskDashboard, (scope, { query }) => act(scope, query))
