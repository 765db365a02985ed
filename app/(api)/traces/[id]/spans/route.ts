import { route } from '@/lib/http/route'
import { listSpans as act } from '@/lib/tracing'
import { listSpans } from '@/lib/tracing/contract'

export const GET = route(listSpans, (scope, { params, query }) => act(scope, params.id, query))
