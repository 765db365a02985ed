import { listExecutions } from '@/lib/adapters'
import { opsListExecutions } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListExecutions, (scope, { query }) => listExecutions(scope, query))
