import { route } from '@/lib/http/route'
import { getSpan as act } from '@/lib/tracing'
import { getSpan } from '@/lib/tracing/contract'

export const GET = route(getSpan, (scope, { params }) => act(scope, params.id, params.span_id))
