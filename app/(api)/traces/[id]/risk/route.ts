import { route } from '@/lib/http/route'
import { getTraceRisk } from '@/lib/tracing'
import { traceRisk } from '@/lib/tracing/contract'

export const GET = route(traceRisk, (scope, { params }) => getTraceRisk(scope, params.id))
