import { z } from 'zod'
import { EXPORT_JOB, exportRun } from '@/lib/otlp'
import { steps } from './backoff'
import { defineJob, giveUp } from './define-job'

const SECOND = 1_000
const MINUTE = 60 * SECOND

export const exportRunJob = defineJob({
  kind: EXPORT_JOB,
  means: 'Sends a finished run to the OpenTelemetry collector that this server was given',
  payload: z.object({ trace_id: z.string() }),
  timeoutMs: MINUTE,
  backoff: steps(5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE),
  run: async (scope, { trace_id }, { signal }) => {
    const { verdict, reason } = await exportRun(scope, trace_id, signal)
    if (verdict === 'refused') throw giveUp(reason ?? 'The collector refused it')
    if (verdict === 'again') throw new Error(reason ?? 'The collector did not take it')
  },
})
