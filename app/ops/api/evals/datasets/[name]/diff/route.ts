import { diffDataset } from '@/lib/evals'
import { opsDiffDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsDiffDataset, (scope, { params, query }) => diffDataset(scope, params.name, query))
