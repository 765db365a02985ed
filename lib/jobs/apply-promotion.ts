import { z } from 'zod'
import { APPLY_JOB, applyPromotion } from '@/lib/promotion'
import { steps } from './backoff'
import { defineJob } from './define-job'

const SECOND = 1_000

export const applyPromotionJob = defineJob({
  kind: APPLY_JOB,
  means: 'Applies a promotion at the time that was set for it, if everything that it needs is there',
  payload: z.object({ id: z.string() }),
  timeoutMs: 60 * SECOND,
  backoff: steps(5 * SECOND, 15 * SECOND, 60 * SECOND),
  run: (scope, { id }) => applyPromotion(scope, id),
})
