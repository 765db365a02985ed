import { kernel } from '@/lib/core/kernel'
import { enqueue } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { requireWholeTenant, webhookDetail } from './list-webhooks'
import { findDelivery, requeue } from './store'
import { JOB_ATTEMPTS, WEBHOOK_JOB } from './webhook-writes'

// A new round with as many attempts as the first; the receiver knows the webhook by the same id.
export const retryWebhook = async (scope: Scope, id: string) => {
  requireWholeTenant(scope)
  await scope.mutate({ event: 'config_change', entityId: id, data: { kind: 'webhook_retried' } }, async (db) => {
    const row = (await findDelivery(db, id)) ?? missing('webhook', id)
    if (!(await requeue(db, id)))
      throw new Problem(
        'already_resolved',
        row.state === 'dead'
          ? 'Its address and secret are no longer held, so it cannot be sent again'
          : 'Only a dead webhook can be sent again',
        { state: row.state },
      )
    await enqueue(db, {
      kind: WEBHOOK_JOB,
      payload: { id, after: row.attempts },
      dedupeKey: `${id}:${row.attempts}`,
      maxAttempts: JOB_ATTEMPTS,
    })
  })
  kernel().bus.emit('job-queued', {})
  return { status: 'ok' as const, webhook: await webhookDetail(scope, id) }
}
