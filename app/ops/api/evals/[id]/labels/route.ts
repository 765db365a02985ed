import { labelResult, listLabels } from '@/lib/evals'
import { opsLabelResult, opsListLabels } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListLabels, (scope, { params }) => listLabels(scope, params.id))
export const POST = route(opsLabelResult, (scope, { params, body }) => labelResult(scope, params.id, body))
