import { z } from 'zod'
import { jobWrite } from '@/lib/core/outbox'
import { EVAL_JOB, workRun } from '@/lib/evals'
import { steps } from './backoff'
import { defineJob } from './define-job'

const SECOND = 1_000
// Evaluations take turns with everything else that waits for a worker.
const SLICE_MS = 60 * SECOND
// Cases that were begun come to their end, each within the time that any run has.
const TIMEOUT_MS = 3_900 * SECOND

export const runEvalJob = defineJob({
  kind: EVAL_JOB,
  means: 'Goes on with an evaluation that nobody works on: after a long request, or after a server died',
  payload: z.object({ eval_id: z.string() }),
  timeoutMs: TIMEOUT_MS,
  backoff: steps(2 * SECOND, 5 * SECOND, 10 * SECOND, 20 * SECOND, 30 * SECOND),
  maxAttempts: 30,
  run: async (scope, { eval_id }, { signal }) => {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(SLICE_MS)])
    const outcome = await workRun(scope, eval_id, stop)
    if (outcome === 'busy') throw new Error('Another process works on the evaluation')
    if (outcome !== 'left') return
    if (signal.aborted) throw new Error('The server leaves')
    const next = jobWrite({ kind: EVAL_JOB, payload: { eval_id }, maxAttempts: 30 })
    await scope.command({ audit: [], writes: [next.write] })
  },
})
