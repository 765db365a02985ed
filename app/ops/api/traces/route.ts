import { route } from '@/lib/http/route'
import { listTracesForOps } from '@/lib/tracing'
import { opsListTraces } from '@/lib/tracing/contract'

export const GET = route(opsListTraces, (scope, { query }) => listTracesForOps(scope, query))
