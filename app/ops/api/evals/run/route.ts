import { runEval } from '@/lib/evals'
import { opsRunEval } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsRunEval, (scope, { body }) => runEval(scope, body))
