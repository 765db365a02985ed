import type { Metadata } from 'next'
import { StatsScreen } from '@/components/stats/stats-screen'
import { daysBefore, inWindow, USUAL_DAYS } from '@/components/stats/stats-window'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { traceStatsForOps } from '@/lib/tracing'
import { opsTraceStats } from '@/lib/tracing/contract'

export const metadata: Metadata = { title: 'Statistics' }

export default consolePage('/ops/stats', 'trace:view', opsTraceStats, (scope, _query, input) => {
  const since = daysBefore(scope.clock.now().getTime(), USUAL_DAYS)
  const query = inWindow(input.query, since)
  const load = () => traceStatsForOps(scope, opsTraceStats.query.parse(query))
  return (
    <Prefetch of={opsTraceStats} input={{ query }} load={load}>
      <StatsScreen since={since} />
    </Prefetch>
  )
})
