import { route } from '@/lib/http/route'
import { traceStats as act } from '@/lib/tracing'
import { traceStats } from '@/lib/tracing/contract'

export const GET = route(traceStats, (scope, { query }) => act(scope, query))
