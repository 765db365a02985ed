import { route } from '@/lib/http/route'
import { revealTrace } from '@/lib/tracing'
import { opsRevealTrace } from '@/lib/tracing/contract'

export const POST = route(opsRevealTrace, (scope, { params, body }) => revealTrace(scope, params.id, body))
