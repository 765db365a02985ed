import { diffDataset as diffDatasetVerb } from '@/lib/evals'
import { diffDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(diffDataset, (scope, { params, query }) => diffDatasetVerb(scope, params.name, query))
