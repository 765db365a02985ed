import { route } from '@/lib/http/route'
import { listSpans as act } from '@/lib/tracing'
import { opsListSpans } from '@/lib/tracing/contract'

export const GET = route(opsListSpans, (scope, { params, query }) => act(scope, params.id, query))
