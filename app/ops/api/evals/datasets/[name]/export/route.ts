import { exportDataset } from '@/lib/evals'
import { opsExportDataset } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsExportDataset, (scope, { params, query }) => exportDataset(scope, params.name, query))
