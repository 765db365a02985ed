import { dateOf } from '@/lib/core/clock'
import { jobWrite } from '@/lib/core/outbox'
import type { CommandAudit, Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { type Sent, sendWebhook } from './send-webhook'
import { insertAttempt, noteAttempt } from './sql'
import { type DeliveryRow, findDelivery } from './store'
import { openTarget } from './target'

export const MAX_ATTEMPTS = 6
export const FORGET_JOB = 'webhooks.forget'
// So long a dead webhook can be sent again; then its secret goes.
const KEPT_MS = 7 * 86_400_000

export type Verdict = 'delivered' | 'again' | 'dead'
export type Delivered = { verdict: Verdict; reason: string | null }

const UNREADABLE: Sent = {
  status: null,
  error: 'Its address and secret cannot be read: CLASPER_SECRETS_KEY has changed, or they were erased',
  isHopeless: true,
  durationMs: 0,
}

const verdictOf = ({ error, isHopeless }: Sent, attemptsLeft: number): Verdict => {
  if (error === null) return 'delivered'
  return isHopeless || attemptsLeft <= 0 ? 'dead' : 'again'
}

const stored = (date: Date): string => date.toISOString().replace('Z', '+00:00')

const STATES = { delivered: 'delivered', again: 'queued', dead: 'dead' } as const

const attemptWrites = (scope: Scope, row: DeliveryRow, sent: Sent, verdict: Verdict): CommandWrite[] => {
  const now = stored(scope.clock.now())
  const facts = { id: row.id, attempt: row.attempts + 1, status: sent.status, error: sent.error }
  const forgets = verdict === 'delivered' || (verdict === 'dead' && sent.isHopeless)
  const state = { state: STATES[verdict], finished: verdict === 'again' ? null : now, forgets }
  return [
    { statement: noteAttempt, rows: [{ ...facts, ...state }], guard: true },
    { statement: insertAttempt, rows: [{ ...facts, at: now, ms: sent.durationMs }] },
  ]
}

const forgetLater = (scope: Scope, row: DeliveryRow): CommandWrite =>
  jobWrite({
    kind: FORGET_JOB,
    payload: { id: row.id, attempts: row.attempts + 1 },
    runAt: dateOf(scope.clock.now().getTime() + KEPT_MS),
  }).write

const failureAudit = (row: DeliveryRow, sent: Sent): CommandAudit => ({
  event: 'webhook_delivery_failed',
  entityId: row.id,
  ...(row.traceId === null ? {} : { traceId: row.traceId }),
  data: { event: row.event, url: row.url, attempts: row.attempts + 1, status: sent.status, reason: sent.error },
})

const settled = (row: DeliveryRow): Delivered => ({
  verdict: row.state === 'dead' ? 'dead' : 'delivered',
  reason: row.lastError,
})

type Job = { id: string; after: number; signal: AbortSignal }

/** One attempt, recorded with what it means before anything else happens. `after` is where this round began to count. */
export const deliverWebhook = async (scope: Scope, { id, after, signal }: Job): Promise<Delivered> => {
  const row = await findDelivery(scope.db, id)
  if (!row) return { verdict: 'dead', reason: 'There is no such webhook' }
  if (row.state !== 'queued') return settled(row)
  const target = openTarget(scope.tenantId, id, row.sealed)
  const sent = target ? await sendWebhook(scope, row, target, signal) : UNREADABLE
  signal.throwIfAborted()
  const verdict = verdictOf(sent, MAX_ATTEMPTS - (row.attempts + 1 - after))
  const isLast = verdict === 'dead'
  const { applied } = await scope.command({
    audit: isLast ? [failureAudit(row, sent)] : [],
    writes: [
      ...attemptWrites(scope, row, sent, verdict),
      ...(isLast && !sent.isHopeless ? [forgetLater(scope, row)] : []),
    ],
  })
  return applied ? { verdict, reason: sent.error } : { verdict: 'again', reason: 'Another worker was faster' }
}
