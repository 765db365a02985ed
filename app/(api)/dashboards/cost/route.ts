import { route } from '@/lib/http/route'
import { costDashboard as act } from '@/lib/insights'
import { costDashboard } from '@/lib/insights/contract'

export const GET = route(costDashboard, (scope, { query }) => act(scope, query))
