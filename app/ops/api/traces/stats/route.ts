import { route } from '@/lib/http/route'
import { traceStatsForOps } from '@/lib/tracing'
import { opsTraceStats } from '@/lib/tracing/contract'

export const GET = route(opsTraceStats, (scope, { query }) => traceStatsForOps(scope, query))
