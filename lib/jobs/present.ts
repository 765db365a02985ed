import { toWire, toWireOrNull } from '@/lib/shared/time'
import { JOB_STATES, type JobView } from './contract'
import type { JobRow } from './store'

const stateOf = (status: string): JobView['status'] => JOB_STATES.find((state) => state === status) ?? 'dead'

export const presentJob = (row: JobRow): JobView => ({
  id: row.id,
  kind: row.kind,
  status: stateOf(row.status),
  attempts: row.attempts,
  max_attempts: row.maxAttempts,
  run_at: toWire(row.runAt),
  created_at: toWire(row.createdAt),
  finished_at: toWireOrNull(row.finishedAt),
  last_error: row.lastError,
})
