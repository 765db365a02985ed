import { z } from 'zod'
import { DELIVERY_JOB, deliverLater } from '@/lib/runtime'
import { isProblem } from '@/lib/shared/problem'
import { steps } from './backoff'
import { defineJob, giveUp } from './define-job'

const SECOND = 1_000
const MINUTE = 60 * SECOND

export const deliverAnswer = defineJob({
  kind: DELIVERY_JOB,
  means: 'Brings an answer to the backend that could not take it at once',
  payload: z.object({ trace_id: z.string(), sealed: z.string() }),
  timeoutMs: 2 * MINUTE,
  backoff: steps(5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE),
  maxAttempts: 12,
  run: async (scope, payload, { finish, signal }) => {
    try {
      await deliverLater(scope, payload, { finish, signal })
    } catch (error) {
      if (isProblem(error) && error.code === 'not_found') throw giveUp(error.message)
      throw error
    }
  },
})
