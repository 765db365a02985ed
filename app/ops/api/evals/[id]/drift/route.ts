import { evalDrift } from '@/lib/evals'
import { opsEvalDrift } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsEvalDrift, (scope, { params, query }) => evalDrift(scope, params.id, query.baseline_id))
