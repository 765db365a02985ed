import { listDatasets, saveDataset } from '@/lib/evals'
import { opsListDatasets, opsSaveDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListDatasets, (scope, { query }) => listDatasets(scope, query))
export const POST = route(opsSaveDataset, (scope, { body }) => saveDataset(scope, body))
