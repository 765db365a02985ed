import { getExecution } from '@/lib/adapters'
import { getExecution as getExecutionContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(getExecutionContract, (scope, { params }) => getExecution(scope, params.id))
