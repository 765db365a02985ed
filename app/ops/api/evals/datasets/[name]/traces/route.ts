import { addTraces } from '@/lib/evals'
import { opsAddTraces } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsAddTraces, (scope, { params, body }) => addTraces(scope, params.name, body))
