import { route } from '@/lib/http/route'
import { getTraceDetail } from '@/lib/tracing'
import { opsGetTrace } from '@/lib/tracing/contract'

export const GET = route(opsGetTrace, (scope, { params, query }) => getTraceDetail(scope, params.id, query))
