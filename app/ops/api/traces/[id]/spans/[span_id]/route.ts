import { route } from '@/lib/http/route'
import { getSpan as act } from '@/lib/tracing'
import { opsGetSpan } from '@/lib/tracing/contract'

export const GET = route(opsGetSpan, (scope, { params }) => act(scope, params.id, params.span_id))
