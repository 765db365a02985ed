import { governanceDashboard } from '@/lib/adapters'
import { governanceDashboard as governanceDashboardContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(governanceDashboardContract, (scope, { query }) => governanceDashboard(scope, query))
