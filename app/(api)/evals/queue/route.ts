import { listQueue as listQueueVerb, queueTraces as queueTracesVerb } from '@/lib/evals'
import { listQueue, queueTraces } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(listQueue, (scope, { query }) => listQueueVerb(scope, query))
export const POST = route(queueTraces, (scope, { body }) => queueTracesVerb(scope, body))
