import { agentToken } from '@/lib/auth'
import { decidedByBackend } from '@/lib/control-plane'
import { dateOf } from '@/lib/core/clock'
import { jobWrite } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { type DecisionRow, decideForBackend, readDecision } from '@/lib/governance'

export const ASK_BACKEND_JOB = 'ask-backend'
const FIRST_MS = 1_000
const AGAIN_MS = 15_000

/** A backend with a desk for tool requests is asked as well, and from time to time again. */
export const askBackendWrite = (scope: Pick<Scope, 'clock'>, decisionId: string, waitMs = FIRST_MS): CommandWrite =>
  jobWrite({
    kind: ASK_BACKEND_JOB,
    payload: { decision_id: decisionId },
    runAt: dateOf(scope.clock.now().getTime() + waitMs),
  }).write

// Told in the words that stand in the row: redacted.
const wishOf = (row: DecisionRow) => ({
  title: `Approve ${row.tool ?? row.subject}`,
  justification: row.explanation === '' ? 'A policy asks for an approval.' : row.explanation,
  interface: JSON.stringify(row.action).slice(0, 10_000),
  scope: `${row.workspaceId}/${row.environment}`,
  riskLevel: row.riskLevel ?? 'medium',
})

const isOpen = (row: DecisionRow, now: Date): boolean =>
  row.status === 'pending' && (row.expiresAt === null || row.expiresAt > now)

/** Asks the backend what its people say of a waiting call. Whoever decides first, here or there, has decided. */
export const askBackend = async (scope: Scope, decisionId: string): Promise<void> => {
  const row = await readDecision(scope, decisionId)
  if (!row || !isOpen(row, scope.clock.now()) || row.userId === null || row.traceId === null) return
  const place = { userId: row.userId, role: row.agentRole ?? 'agent' }
  const token = await agentToken(scope, place)
  const agent = { ...place, workspaceId: row.workspaceId, traceId: row.traceId, token, signal: scope.signal }
  const word = await decidedByBackend(scope, agent, wishOf(row), `${row.id}:request`)
  if (word === 'no desk') return
  if (word === 'undecided')
    return void (await scope.command({ audit: [], writes: [askBackendWrite(scope, row.id, AGAIN_MS)] }))
  if (word.status === 'pending') return
  const said = { status: word.status, decidedBy: word.decided_by ?? null, reason: word.reason ?? null }
  if ((await decideForBackend(scope, row.id, said)) === 'refused')
    scope.log.warn('an approval of the backend does not count', { decision: row.id })
}
