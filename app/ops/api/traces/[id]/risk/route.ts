import { route } from '@/lib/http/route'
import { getTraceRisk } from '@/lib/tracing'
import { opsTraceRisk } from '@/lib/tracing/contract'

export const GET = route(opsTraceRisk, (scope, { params }) => getTraceRisk(scope, params.id))
