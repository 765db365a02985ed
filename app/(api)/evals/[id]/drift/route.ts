import { evalDrift as evalDriftVerb } from '@/lib/evals'
import { evalDrift } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(evalDrift, (scope, { params, query }) => evalDriftVerb(scope, params.id, query.baseline_id))
