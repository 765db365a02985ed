import { archiveDataset as archiveDatasetVerb } from '@/lib/evals'
import { archiveDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(archiveDataset, (scope, { params, body }) => archiveDatasetVerb(scope, params.name, body))
