import { listDatasets as listDatasetsVerb, saveDataset as saveDatasetVerb } from '@/lib/evals'
import { listDatasets, saveDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(listDatasets, (scope, { query }) => listDatasetsVerb(scope, query))
export const POST = route(saveDataset, (scope, { body }) => saveDatasetVerb(scope, body))
