import type { Metadata } from 'next'
import { TraceListScreen } from '@/components/traces/trace-list-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { listTracesForOps } from '@/lib/tracing'
import { opsListTraces } from '@/lib/tracing/contract'

export const metadata: Metadata = { title: 'Traces' }

export default consolePage('/ops/traces', 'trace:view', opsListTraces, (scope, query, input) => (
  <Prefetch of={opsListTraces} input={{ query: input.query }} load={() => listTracesForOps(scope, query)}>
    <TraceListScreen />
  </Prefetch>
))
