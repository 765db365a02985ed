import { z } from 'zod'
import { ASK_BACKEND_JOB, askBackend } from '@/lib/runtime'
import { steps } from './backoff'
import { defineJob } from './define-job'

const SECOND = 1_000

export const askBackendJob = defineJob({
  kind: ASK_BACKEND_JOB,
  means: 'Asks a backend with a desk for tool requests what its people say of a call that waits',
  payload: z.object({ decision_id: z.string() }),
  timeoutMs: 120 * SECOND,
  backoff: steps(10 * SECOND, 60 * SECOND, 300 * SECOND),
  maxAttempts: 5,
  run: (scope, { decision_id }) => askBackend(scope, decision_id),
})
