import { listQueue, queueTraces } from '@/lib/evals'
import { opsListQueue, opsQueueTraces } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListQueue, (scope, { query }) => listQueue(scope, query))
export const POST = route(opsQueueTraces, (scope, { body }) => queueTraces(scope, body))
