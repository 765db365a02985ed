import { archiveDataset } from '@/lib/evals'
import { opsArchiveDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsArchiveDataset, (scope, { params, body }) => archiveDataset(scope, params.name, body))
