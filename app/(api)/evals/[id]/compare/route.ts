import { compareEvals as compareEvalsVerb } from '@/lib/evals'
import { compareEvals } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(compareEvals, (scope, { params, query }) =>
  compareEvalsVerb(scope, params.id, query.baseline_id, query),
)
