import { runEval as runEvalVerb } from '@/lib/evals'
import { runEval } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(runEval, (scope, { body }) => runEvalVerb(scope, body))
