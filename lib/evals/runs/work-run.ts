import { setMaxListeners } from 'node:events'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { isProblem } from '@/lib/shared/problem'
import { finishRun, type Why } from './finish-run'
import { inPool } from './in-pool'
import { saidOptions, scopeForRun, scorersOf } from './kept-options'
import { type Lease, takeLease } from './lease'
import { skillsOfEval } from './skills-of-eval'
import { countResults } from './sql'
import * as store from './store'
import { isLeaving, isMoney, type Setting, workCase } from './work-case'

// `left`: it is not done, and nobody works on it now. `busy`: somebody else does.
export type Work = 'done' | 'left' | 'busy' | 'gone'

const BATCH = 100
const LOOK_MS = 1_000
const LOOKS_TO_RENEW = 8
const MONEY_WAIT_MS = 250
const MONEY_TRIES = 12

const ENDED: ReadonlySet<string> = new Set(['completed', 'cancelled', 'stopped'])

export const isEnded = ({ status }: Pick<store.RunRow, 'status'>): boolean => ENDED.has(status)

const keyOf = (scope: Scope, id: string): string => `${scope.tenantId} ${id}`

const running = (): Map<string, () => void> => kernel().slot('evals.running', () => new Map<string, () => void>())

/** Who works on it in this process stops at once; in other processes within a second or two. */
export const tellCancelled = (scope: Scope, id: string): void => running().get(keyOf(scope, id))?.()

type State = {
  why: Why | null
  isLost: boolean
  isCancelled: boolean
  isExhausted: boolean
  isLeaving: boolean
  // Money was held by others when a case asked for it.
  isTight: boolean
  inFlight: number
  finished: number
  spent: number
  dearest: number
}

type Job = {
  scope: Scope
  row: store.RunRow
  lease: Lease
  stop: AbortSignal
  cancel: AbortController
  state: State
}

const cancelled = ({ state, cancel }: Job): void => {
  state.isCancelled = true
  cancel.abort(new Error('It was cancelled'))
}

// Looks after the lease, and after who wants the run to end.
const watch = (job: Job): (() => void) => {
  const { lease, state, cancel, scope, row } = job
  const ticks = { count: 0 }
  const look = async (): Promise<void> => {
    if (++ticks.count % LOOKS_TO_RENEW === 0) await lease.renew()
    const { status, isHeld } = await lease.look()
    if (!isHeld) state.isLost = true
    if (status === 'cancelling') cancelled(job)
    if (state.isLost) cancel.abort(new Error('Somebody else goes on with it'))
  }
  const onError = (error: unknown) => scope.log.warn('a running evaluation could not be seen to', { error })
  const timer = setInterval(() => void look().catch(onError), LOOK_MS)
  running().set(keyOf(scope, row.id), () => cancelled(job))
  return () => {
    clearInterval(timer)
    running().delete(keyOf(scope, row.id))
  }
}

const capOf = ({ capMicroUsd }: store.RunRow): number | null => (capMicroUsd === null ? null : Number(capMicroUsd))

// What the next case may cost is what the dearest has cost so far. The first goes alone, so that there is one.
const widthOf = ({ row, state }: Job, width: number): number => {
  const cap = capOf(row)
  if (cap === null) return width
  if (state.finished === 0) return 1
  const fits = state.dearest === 0 ? width : Math.floor((cap - state.spent) / state.dearest)
  return Math.max(1, Math.min(width, fits))
}

const mayBegin = ({ row, state, stop, cancel }: Job): boolean => {
  const cap = capOf(row)
  const isSpent = cap !== null && (state.spent >= cap || state.spent + state.dearest * (state.inFlight + 1) > cap)
  if (isSpent && state.inFlight === 0) state.why ??= { status: 'stopped', failure: 'cap_reached' }
  return state.why === null && !state.isLeaving && !stop.aborted && !cancel.signal.aborted
}

const pages = ({ scope, row, state }: Job): (() => Promise<store.ResultRow | null>) => {
  const at = { position: -1, attempt: 0 }
  const waiting: store.ResultRow[] = []
  return async () => {
    if (waiting.length === 0) waiting.push(...(await store.findOpen(scope.db, row.id, at, BATCH)))
    const next = waiting.shift() ?? null
    if (next === null) state.isExhausted = true
    else Object.assign(at, { position: next.position, attempt: next.attempt })
    return next
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })

type Own = { scope: Scope; setting: Setting }

// Where it has come to by now: what was answered before the money ran short is not asked again.
const asItIs = async ({ db }: Scope, row: store.ResultRow): Promise<store.ResultRow> =>
  (await store.findResult(db, row.runId, row.caseId, row.attempt)) ?? row

const OPEN: ReadonlySet<string> = new Set(['queued', 'answered'])

// Money that running calls hold back comes free again; money that is spent does not.
const patiently = async (job: Job, own: Own, first: store.ResultRow, free: () => void): Promise<number> => {
  const { scope, setting } = own
  let result = first
  for (let tries = 1; OPEN.has(result.status); tries++) {
    try {
      return (await workCase(scope, setting, result, free)).costMicroUsd
    } catch (error) {
      const mayWait = isMoney(error) && error.code === 'budget_in_flight' && tries < MONEY_TRIES
      if (!mayWait || job.cancel.signal.aborted) throw error
      job.state.isTight = true
      await pause(MONEY_WAIT_MS, job.cancel.signal)
      result = await asItIs(scope, result)
    }
  }
  return Number(result.costMicroUsd)
}

const failed = ({ state, scope, cancel }: Job, error: unknown): void => {
  if (cancel.signal.aborted) return
  if (isMoney(error)) state.why ??= { status: 'stopped', failure: error.code }
  else if (isLeaving(error)) state.isLeaving = true
  else {
    scope.log.error('an evaluation failed', { error })
    state.why ??= { status: 'stopped', failure: isProblem(error) ? error.code : 'internal_error' }
  }
}

// While one case is written down the next one is made ready, so that one commit carries both. Not where money is short:
// there what a case has cost is known before the next one begins.
const doOne = async (job: Job, own: Own, result: store.ResultRow, free: () => void): Promise<void> => {
  const { state, row } = job
  const early = () => {
    if (capOf(row) === null && !state.isTight) free()
  }
  state.inFlight++
  try {
    const cost = (await patiently(job, own, result, early)) - Number(result.costMicroUsd)
    state.spent += cost
    state.dearest = Math.max(state.dearest, cost)
    state.finished++
  } catch (error) {
    failed(job, error)
  } finally {
    state.inFlight--
  }
}

const settingOf = async (scope: Scope, { row, state }: Job): Promise<Setting> => ({
  row,
  isHeld: () => !state.isLost,
  said: saidOptions(row),
  scorers: scorersOf(row),
  skills: await skillsOfEval(scope, row),
})

const doAll = async (job: Job): Promise<void> => {
  const { scope, row, cancel } = job
  const own = scopeForRun(scope, row, cancel.signal)
  try {
    const setting = await settingOf(own, job)
    const parallel = setting.said.parallel ?? 4
    await inPool({
      width: () => widthOf(job, parallel),
      next: pages(job),
      work: (result, free) => doOne(job, { scope: own, setting }, result, free),
      mayBegin: () => mayBegin(job),
    })
  } catch (error) {
    failed(job, error)
  }
}

const spentSoFar = async (scope: Scope, id: string): Promise<number> => {
  const rows = await scope.rows(countResults, { ids: JSON.stringify([id]) })
  return rows.reduce((sum, row) => sum + Number(row['cost']), 0)
}

const settle = async (job: Job): Promise<Work> => {
  const { scope, row, lease, state } = job
  // What is left is given up only by who still holds it.
  if (state.isLost || !(await lease.renew())) return 'busy'
  const why: Why | null = state.isCancelled ? { status: 'cancelled', failure: 'cancelled' } : state.why
  if (why === null && (!state.isExhausted || state.isLeaving)) {
    await lease.free()
    return 'left'
  }
  return (await finishRun(scope, row, lease, why)) ? 'done' : 'busy'
}

/**
 * Works on an evaluation until it is done or `stop` says that no further case is to begin. What was done stays done:
 * whoever goes on, in whatever process, begins with what has no result yet.
 */
export const workRun = async (scope: Scope, id: string, stop: AbortSignal): Promise<Work> => {
  const row = await store.findRun(scope.db, id)
  if (row === null) return 'gone'
  if (isEnded(row)) return 'done'
  const lease = await takeLease(scope, id)
  if (lease === null) return 'busy'
  const isCancelling = (await store.findRun(scope.db, id))?.status === 'cancelling'
  const leaving = new AbortController()
  const forget = kernel().onStop('intake', () => leaving.abort())
  const state: State = {
    ...{ why: null, isLost: false, isCancelled: false, isExhausted: false, isLeaving: false, isTight: false },
    ...{ inFlight: 0, finished: 0, spent: await spentSoFar(scope, id), dearest: 0 },
  }
  const cancel = new AbortController()
  // Every case that runs listens to it.
  setMaxListeners(0, cancel.signal)
  const job = { scope, row, lease, stop: AbortSignal.any([stop, leaving.signal]), cancel, state }
  const unwatch = watch(job)
  try {
    if (isCancelling) cancelled(job)
    else await doAll(job)
    return await settle(job)
  } finally {
    unwatch()
    forget()
  }
}
