import type { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import { JOB_STATES, type JobFilter, type JobView } from './contract'
import { requireJobs } from './fence'
import { presentJob } from './present'
import { countJobs, findJobs } from './store-tenant'

type Counts = Record<JobView['status'], number>

export const listJobs = async (scope: Scope, filter: z.output<typeof JobFilter>) => {
  requireJobs(scope)
  const { limit, offset, status, kind } = filter
  const [rows, byState] = await Promise.all([
    findJobs(scope.db, { status, kind }, limit, offset),
    countJobs(scope.db, kind),
  ])
  const states: readonly string[] = status ? [status] : JOB_STATES
  const total = states.reduce((sum, state) => sum + (byState.get(state) ?? 0), 0)
  return {
    jobs: rows.map(presentJob),
    total,
    has_more: offset + rows.length < total,
    limit,
    offset,
    counts: Object.fromEntries(JOB_STATES.map((state) => [state, byState.get(state) ?? 0])) as Counts,
  }
}
