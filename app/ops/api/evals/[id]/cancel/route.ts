import { cancelEval } from '@/lib/evals'
import { opsCancelEval } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsCancelEval, (scope, { params }) => cancelEval(scope, params.id))
