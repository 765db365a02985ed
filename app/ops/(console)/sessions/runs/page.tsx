import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SessionScreen } from '@/components/sessions/session-screen'
import { consolePage } from '@/lib/http/console-page'
import { opsListSessions } from '@/lib/tracing/contract'
import { SessionAhead } from './session-ahead'

export const metadata: Metadata = { title: 'Session' }

export default consolePage('/ops/sessions/runs', 'trace:view', opsListSessions, (scope, { session_key: key }) => {
  if (key === undefined) redirect('/ops/sessions')
  return (
    <SessionAhead scope={scope} sessionKey={key}>
      <SessionScreen sessionKey={key} />
    </SessionAhead>
  )
})
