import { route } from '@/lib/http/route'
import { tracesByEntity } from '@/lib/tracing'
import { opsTracesByEntity } from '@/lib/tracing/contract'

export const GET = route(opsTracesByEntity, (scope, { query }) => tracesByEntity(scope, query))
