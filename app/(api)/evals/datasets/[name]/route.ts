import { getDataset as getDatasetVerb } from '@/lib/evals'
import { getDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(getDataset, (scope, { params, query }) => getDatasetVerb(scope, params.name, query))
