import type { ReactNode } from 'react'
import { SESSION_PAGE } from '@/components/sessions/session-query'
import type { Scope } from '@/lib/core/scope'
import { Prefetch } from '@/lib/http/prefetch'
import { listSessions, listTracesForOps } from '@/lib/tracing'
import { opsListSessions, opsListTraces } from '@/lib/tracing/contract'

type SessionAheadProps = { scope: Scope; sessionKey: string; children: ReactNode }

// The sums of a session and its newest runs, in the first paint.
export const SessionAhead = ({ scope, sessionKey, children }: SessionAheadProps) => {
  const session = { session_key: sessionKey }
  const runs = { ...session, limit: SESSION_PAGE }
  const load = () => listTracesForOps(scope, opsListTraces.query.parse(runs))
  return (
    <Prefetch
      of={opsListSessions}
      input={{ query: session }}
      load={() => listSessions(scope, { ...session, limit: 1 })}
    >
      <Prefetch of={opsListTraces} input={{ query: runs }} load={load}>
        {children}
      </Prefetch>
    </Prefetch>
  )
}
