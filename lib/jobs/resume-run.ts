import { z } from 'zod'
import { RESUME_JOB } from '@/lib/governance'
import { resumeRun } from '@/lib/runtime'
import { steps } from './backoff'
import { defineJob } from './define-job'

const SECOND = 1_000
// Longer than any run may take: the run has a deadline of its own.
const TIMEOUT_MS = 3_900_000

export const resumeRunJob = defineJob({
  kind: RESUME_JOB,
  means: 'Goes on with a run that waited for an approval, once everything it waits for is decided',
  payload: z.object({ trace_id: z.string() }),
  timeoutMs: TIMEOUT_MS,
  backoff: steps(SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 20 * SECOND, 30 * SECOND),
  maxAttempts: 20,
  run: async (scope, { trace_id }, { id, attempt }) => {
    const outcome = await resumeRun(scope, trace_id, `${id}:${attempt}`)
    if (outcome === 'busy') throw new Error('Another process goes on with the run')
  },
})
