import { listEvals as listEvalsVerb } from '@/lib/evals'
import { listEvals } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(listEvals, (scope, { query }) => listEvalsVerb(scope, query))
