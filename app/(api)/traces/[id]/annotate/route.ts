import { route } from '@/lib/http/route'
import { annotateTrace as act } from '@/lib/tracing'
import { annotateTrace } from '@/lib/tracing/contract'

export const POST = route(annotateTrace, (scope, { params, body }) => act(scope, params.id, body))
