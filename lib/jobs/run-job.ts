import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { emit } from '@/lib/core/outbox'
import { freshRules, redactFor } from '@/lib/core/redaction/tenant'
import type { Scope } from '@/lib/core/scope'
import { defaultBackoff, withJitter } from './backoff'
import { giveUp, isGivenUp, type JobContext, type JobDefinition } from './define-job'
import { jobScope } from './job-scope'
import { type Ending, endJob, endWithin, type JobRow, type Lease } from './store'

const MAX_ERROR = 500
const LOST = Symbol.for('clasper.lease-lost')

export type Outcome = 'done' | 'retried' | 'dead' | 'lost'

const describe = (tenantId: string, error: unknown): string =>
  redactFor(tenantId, error instanceof Error && error.message !== '' ? error.message : String(error)).slice(
    0,
    MAX_ERROR,
  )

const leaseOf = (row: JobRow): Lease => ({
  tenantId: row.tenantId,
  id: row.id,
  leasedBy: row.leasedBy ?? '',
  attempts: row.attempts,
})

type State = { finished: boolean }

const contextOf = (row: JobRow, scope: Scope, signal: AbortSignal, state: State): JobContext => ({
  id: row.id,
  attempt: row.attempts,
  signal,
  finish: async (about, work) => {
    const result = await scope.mutate(about, async (db) => {
      const value = await work(db)
      const ending: Ending = { status: 'done', at: scope.clock.now() }
      if (!(await endWithin(db, (topic, payload) => emit(db, topic, payload), leaseOf(row), row.kind, ending)))
        throw LOST
      return value
    })
    state.finished = true
    return result
  },
  inTenant: (tenantId) => jobScope(row.kind, tenantId, signal),
})

// Whatever the job still does after its time is up no longer counts: its lease is gone.
const withinTime = async (work: Promise<void>, ms: number, stop: AbortController): Promise<void> => {
  const timer = setTimeout(() => stop.abort(new Error(`It took longer than ${ms} ms`)), ms)
  const stopped = new Promise<never>((_, reject) => {
    const leave = () => reject(stop.signal.reason)
    stop.signal.addEventListener('abort', leave, { once: true })
    if (stop.signal.aborted) leave()
  })
  try {
    await Promise.race([work, stopped])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}

type Random = () => number

export const endingAfter = (row: JobRow, job: JobDefinition | undefined, error: unknown, random: Random): Ending => {
  const now = kernel().clock.now()
  if (isGivenUp(error) || row.attempts >= row.maxAttempts)
    return { status: 'dead', at: now, error: describe(row.tenantId, error) }
  const wait = withJitter((job?.backoff ?? defaultBackoff)(row.attempts), random)
  return { status: 'queued', runAt: dateOf(now.getTime() + wait), error: describe(row.tenantId, error) }
}

const OUTCOMES = { done: 'done', queued: 'retried', dead: 'dead' } as const

const report = (row: JobRow, outcome: Outcome, error?: unknown): Outcome => {
  const { log, metrics } = kernel()
  metrics.jobs.inc({ kind: row.kind, outcome })
  const fields = { job: row.id, kind: row.kind, tenant: row.tenantId, attempt: row.attempts, outcome }
  if (outcome === 'dead') log.error('job given up', { ...fields, error })
  else if (error !== undefined) log.warn('job failed', { ...fields, error })
  else log.debug('job done', fields)
  return outcome
}

const settle = async (row: JobRow, ending: Ending, error?: unknown): Promise<Outcome> => {
  const isMine = await endJob(leaseOf(row), row.kind, ending)
  return report(row, isMine ? OUTCOMES[ending.status] : 'lost', error)
}

export const runJob = async (
  row: JobRow,
  job: JobDefinition | undefined,
  stop: AbortController,
  random: Random,
): Promise<Outcome> => {
  const state: State = { finished: false }
  const scope = jobScope(row.kind, row.tenantId, stop.signal)
  try {
    await freshRules(row.tenantId)
    if (!job) throw new Error(`No part of this version handles jobs of kind ${row.kind}`)
    const work = job.start(scope, row.payload, contextOf(row, scope, stop.signal, state))
    await withinTime(work, job.timeoutMs, stop)
  } catch (error) {
    if (state.finished) return report(row, 'done')
    if (error === LOST) return report(row, 'lost')
    return settle(row, endingAfter(row, job, error, random), error)
  }
  if (state.finished) return report(row, 'done')
  return settle(row, { status: 'done', at: kernel().clock.now() })
}

const ABANDONED = 'The worker that ran it stopped before it ended'

// A lease that ran out: the same rules as for a failure, but without a wait.
export const takeBack = (row: JobRow): Promise<Outcome> => {
  const now = kernel().clock.now()
  const isLast = row.attempts >= row.maxAttempts
  const error = giveUp(ABANDONED)
  return settle(
    row,
    isLast ? { status: 'dead', at: now, error: ABANDONED } : { status: 'queued', runAt: now, error: ABANDONED },
    error,
  )
}
