import { evalScores } from '@/lib/evals'
import { opsEvalScores } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsEvalScores, (scope, { query }) => evalScores(scope, query))
