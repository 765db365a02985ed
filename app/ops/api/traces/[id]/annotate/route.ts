import { route } from '@/lib/http/route'
import { annotateTrace } from '@/lib/tracing'
import { opsAnnotateTrace } from '@/lib/tracing/contract'

export const POST = route(opsAnnotateTrace, (scope, { params, body }) => annotateTrace(scope, params.id, body))
