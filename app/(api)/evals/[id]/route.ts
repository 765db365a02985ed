import { getEval as getEvalVerb } from '@/lib/evals'
import { getEval } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(getEval, (scope, { params, query }) => getEvalVerb(scope, params.id, query))
