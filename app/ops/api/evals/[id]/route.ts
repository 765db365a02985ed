import { getEval } from '@/lib/evals'
import { opsGetEval } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsGetEval, (scope, { params, query }) => getEval(scope, params.id, query))
