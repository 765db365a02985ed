import { getDataset } from '@/lib/evals'
import { opsGetDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsGetDataset, (scope, { params, query }) => getDataset(scope, params.name, query))
