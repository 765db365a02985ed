import { labelResult as labelResultVerb, listLabels as listLabelsVerb } from '@/lib/evals'
import { labelResult, listLabels } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(listLabels, (scope, { params }) => listLabelsVerb(scope, params.id))
export const POST = route(labelResult, (scope, { params, body }) => labelResultVerb(scope, params.id, body))
