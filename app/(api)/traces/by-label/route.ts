import { route } from '@/lib/http/route'
import { tracesByLabel as act } from '@/lib/tracing'
import { tracesByLabel } from '@/lib/tracing/contract'

export const GET = route(tracesByLabel, (scope, { query }) => act(scope, query))
