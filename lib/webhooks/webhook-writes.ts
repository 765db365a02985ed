import { jobWrite } from '@/lib/core/outbox'
import type { Redactor } from '@/lib/core/redaction/tenant'
import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { uuidv7 } from '@/lib/shared/id'
import { callerHeaders } from './headers'
import { withOwnIds } from './own-ids'
import { insertDelivery } from './sql'
import { sealTarget, shownUrl } from './target'

export type NewWebhook = {
  traceId: string | null
  event: string
  url: string
  secret?: string
  headers?: Readonly<Record<string, string>>
  payload: object
}

export const WEBHOOK_JOB = 'webhooks.deliver'
// A worker that dies in the middle uses up attempts of the job, and none of the delivery.
export const JOB_ATTEMPTS = 20

// Names that the receiver itself gave or needs to find the run again.
const IDS = ['user_id', 'task_id', 'role', 'trace_id', 'execution_id'] as const

const ORDER = [
  ...['event', 'timestamp', 'trace_id', 'execution_id', 'task_id', 'user_id', 'role', 'response', 'usage', 'cost'],
  ...['delivery', 'suppressed', 'error', 'metadata'],
]

const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)

const bodyOf = (redaction: Redactor, event: string, payload: object, now: Date): string => {
  const facts = { timestamp: now.toISOString(), ...payload, event }
  const ids = Object.fromEntries(Object.entries(facts).filter(([name]) => IDS.some((id) => id === name)))
  const safe = redaction.value(facts) as Record<string, unknown>
  const sent = 'metadata' in payload ? { metadata: withOwnIds(safe['metadata'], payload.metadata) } : {}
  const clean = { ...safe, ...ids, ...sent }
  return JSON.stringify(Object.fromEntries(Object.entries(clean).sort(([a], [b]) => place(a) - place(b))))
}

/** The rows of a webhook, for the same command as what it tells of. */
export const webhookWrites = async (
  scope: Pick<Scope, 'tenantId' | 'clock' | 'redaction'>,
  { traceId, event, url, secret, headers = {}, payload }: NewWebhook,
): Promise<{ id: string; writes: CommandWrite[] }> => {
  const now = scope.clock.now()
  const id = uuidv7(now.getTime())
  const row = {
    id,
    trace: traceId,
    event,
    url: shownUrl(url, (path) => scope.redaction.text(path)),
    body: bodyOf(scope.redaction, event, payload, now),
    sealed: sealTarget(scope.tenantId, id, { url, secret: secret ?? null, headers: callerHeaders(headers) }),
    at: now.toISOString().replace('Z', '+00:00'),
  }
  const job = jobWrite({
    kind: WEBHOOK_JOB,
    payload: { id, after: 0 },
    dedupeKey: `${id}:0`,
    maxAttempts: JOB_ATTEMPTS,
  })
  return { id, writes: [{ statement: insertDelivery, rows: [row] }, job.write] }
}
