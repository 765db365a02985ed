import { toWire, toWireOrNull } from '@/lib/shared/time'
import { WEBHOOK_STATES, type WebhookDetail, type WebhookView } from './contract'
import type { DeliveryRow, findAttempts, ShownRow } from './store'

const stateOf = (state: string): WebhookView['state'] => WEBHOOK_STATES.find((known) => known === state) ?? 'dead'

export const presentWebhook = (row: ShownRow): WebhookView => ({
  id: row.id,
  event: row.event,
  url: row.url,
  trace_id: row.traceId,
  state: stateOf(row.state),
  attempts: row.attempts,
  last_status: row.lastStatus,
  last_error: row.lastError,
  created_at: toWire(row.createdAt),
  finished_at: toWireOrNull(row.finishedAt),
})

type Tries = Awaited<ReturnType<typeof findAttempts>>

// The body holds an answer and is not for everybody who looks after webhooks.
export const presentDetail = (row: DeliveryRow, tries: Tries, nextAt: Date | null): WebhookDetail => ({
  ...presentWebhook(row),
  body_bytes: Buffer.byteLength(row.body),
  can_retry: row.state === 'dead' && row.sealed !== null,
  next_attempt_at: row.state === 'queued' ? toWireOrNull(nextAt) : null,
  tries: tries.map(({ attempt, at, durationMs, status, error }) => ({
    attempt,
    at: toWire(at),
    duration_ms: durationMs,
    status,
    error,
  })),
})
