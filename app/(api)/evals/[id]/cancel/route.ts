import { cancelEval as cancelEvalVerb } from '@/lib/evals'
import { cancelEval } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(cancelEval, (scope, { params }) => cancelEvalVerb(scope, params.id))
