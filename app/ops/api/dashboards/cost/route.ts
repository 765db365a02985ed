import { route } from '@/lib/http/route'
import { costDashboard } from '@/lib/insights'
import { opsCostDashboard } from '@/lib/insights/contract'

export const GET = route(opsCostDashboard, (scope, { query }) => costDashboard(scope, query))
