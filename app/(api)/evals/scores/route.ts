import { evalScores as evalScoresVerb } from '@/lib/evals'
import { evalScores } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(evalScores, (scope, { query }) => evalScoresVerb(scope, query))
