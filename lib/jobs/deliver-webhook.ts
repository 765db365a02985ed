import { z } from 'zod'
import { deliverWebhook, FORGET_JOB, forgetWebhook, WEBHOOK_JOB } from '@/lib/webhooks'
import { steps } from './backoff'
import { defineJob, giveUp } from './define-job'

const SECOND = 1_000
const MINUTE = 60 * SECOND

export const webhookJob = defineJob({
  kind: WEBHOOK_JOB,
  means: 'Delivers a webhook; waits longer after each failure and gives up after the sixth',
  payload: z.object({ id: z.string(), after: z.number().int() }),
  timeoutMs: MINUTE,
  backoff: steps(5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE),
  run: async (scope, { id, after }, { signal }) => {
    const { verdict, reason } = await deliverWebhook(scope, { id, after, signal })
    if (verdict === 'dead') throw giveUp(reason ?? 'The webhook was given up')
    if (verdict === 'again') throw new Error(reason ?? 'The webhook was not taken')
  },
})

export const webhookForgetting = defineJob({
  kind: FORGET_JOB,
  means: 'Erases the address and the secret of a webhook that was given up a week ago',
  payload: z.object({ id: z.string(), attempts: z.number().int() }),
  timeoutMs: MINUTE,
  run: (scope, dead) => forgetWebhook(scope, dead),
})
