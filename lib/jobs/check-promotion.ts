import { z } from 'zod'
import { CHECK_ATTEMPTS, CHECK_JOB, runChecks } from '@/lib/promotion'
import { steps } from './backoff'
import { defineJob } from './define-job'

const SECOND = 1_000
const TIMEOUT_MS = 3_600 * SECOND

export const checkPromotionJob = defineJob({
  kind: CHECK_JOB,
  means: 'Runs the checks of a promotion, or goes on with those of a process that died',
  payload: z.object({ id: z.string() }),
  timeoutMs: TIMEOUT_MS,
  backoff: steps(20 * SECOND, 30 * SECOND, 60 * SECOND),
  maxAttempts: CHECK_ATTEMPTS,
  run: async (scope, { id }) => {
    if ((await runChecks(scope, id)) === 'busy') throw new Error('Another process runs these checks')
  },
})
