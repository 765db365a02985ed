import { addTraces as addTracesVerb } from '@/lib/evals'
import { addTraces } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(addTraces, (scope, { params, body }) => addTracesVerb(scope, params.name, body))
