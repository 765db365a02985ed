import { route } from '@/lib/http/route'
import { tracesByLabel } from '@/lib/tracing'
import { opsTracesByLabel } from '@/lib/tracing/contract'

export const GET = route(opsTracesByLabel, (scope, { query }) => tracesByLabel(scope, query))
