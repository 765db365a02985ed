import { route } from '@/lib/http/route'
import { diffTraces as act } from '@/lib/tracing'
import { diffTraces } from '@/lib/tracing/contract'

export const POST = route(diffTraces, (scope, { body }) => act(scope, body))
