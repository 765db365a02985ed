import { requestExecution } from '@/lib/adapters'
import { requestExecution as requestExecutionContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(requestExecutionContract, (scope, { body }) => requestExecution(scope, body))
