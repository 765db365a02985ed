import type { Metadata } from 'next'
import { SessionsScreen } from '@/components/sessions/sessions-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { listSessions } from '@/lib/tracing'
import { opsListSessions } from '@/lib/tracing/contract'

export const metadata: Metadata = { title: 'Sessions' }

export default consolePage('/ops/sessions', 'trace:view', opsListSessions, (scope, query, input) => (
  <Prefetch of={opsListSessions} input={{ query: input.query }} load={() => listSessions(scope, query)}>
    <SessionsScreen />
  </Prefetch>
))
