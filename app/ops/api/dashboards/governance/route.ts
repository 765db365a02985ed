import { governanceDashboard } from '@/lib/adapters'
import { opsGovernanceDashboard } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsGovernanceDashboard, (scope, { query }) => governanceDashboard(scope, query))
