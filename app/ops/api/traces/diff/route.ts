import { route } from '@/lib/http/route'
import { diffTraces as act } from '@/lib/tracing'
import { opsDiffTraces } from '@/lib/tracing/contract'

export const POST = route(opsDiffTraces, (scope, { body }) => act(scope, body))
