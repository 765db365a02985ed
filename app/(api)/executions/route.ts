import { listExecutions } from '@/lib/adapters'
import { listExecutions as listExecutionsContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(listExecutionsContract, (scope, { query }) => listExecutions(scope, query))
