import { compareEvals } from '@/lib/evals'
import { opsCompareEvals } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsCompareEvals, (scope, { params, query }) =>
  compareEvals(scope, params.id, query.baseline_id, query),
)
