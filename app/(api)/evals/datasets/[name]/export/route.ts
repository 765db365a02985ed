import { exportDataset as exportDatasetVerb } from '@/lib/evals'
import { exportDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(exportDataset, (scope, { params, query }) => exportDatasetVerb(scope, params.name, query))
