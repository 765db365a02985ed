import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { Problem } from '@/lib/shared/problem'
import type { ChainHead } from '@/lib/tracing'
import type { Totals } from './meter'
import { dropPaused, findPaused, freePaused, holdPaused, savePaused, takePaused } from './pause-sql'
import type { Progress } from './progress'

const LEASE_MS = 30_000

// What a run goes on with that was begun by another process.
export type Reopened = {
  executionId: string
  startedAt: Date
  head: ChainHead
  spent: Totals
  toolCallCount: number
  durable: Durable
}

export type Durable = {
  // In every commit: nobody else has taken the run over meanwhile, and nobody will for a while.
  fence(): CommandWrite[]
  assertMine(): Promise<void>
  // How far it has come. What is kept is read again by whoever takes it up after us.
  save(progress: Progress): CommandWrite[]
  // The run is over: nothing is left to go on with.
  closing(): CommandWrite[]
}

export type Hold = { traceId: string; by: string }

const until = (scope: Pick<Scope, 'clock'>): string => storedTime(dateOf(scope.clock.now().getTime() + LEASE_MS))

/** Guarded: one process at a time. */
export const takeWrite = (scope: Scope, { traceId, by }: Hold): CommandWrite => ({
  statement: takePaused,
  guard: true,
  rows: [{ trace: traceId, by, now: storedTime(scope.clock.now()), until: until(scope) }],
})

export const holdWrite = (scope: Pick<Scope, 'clock'>, { traceId, by }: Hold): CommandWrite => ({
  statement: holdPaused,
  guard: true,
  rows: [{ trace: traceId, by, until: until(scope) }],
})

export const freeWrite = ({ traceId, by }: Hold): CommandWrite => ({
  statement: freePaused,
  rows: [{ trace: traceId, by }],
})

export const dropWrite = (traceId: string): CommandWrite => ({ statement: dropPaused, rows: [{ trace: traceId }] })

const isHolder = async (scope: Scope, { traceId, by }: Hold): Promise<boolean> => {
  const [row] = await scope.rows(findPaused, { id: traceId })
  return row?.['leaseBy'] === by
}

export const durableOf = (scope: Scope, hold: Hold, sealState: (progress: Progress) => object): Durable => ({
  fence: () => [holdWrite(scope, hold)],
  assertMine: async () => {
    if (!(await isHolder(scope, hold)))
      throw new Problem('version_conflict', 'The run was taken over by another process.')
  },
  save: (progress) => [{ statement: savePaused, rows: [{ trace: hold.traceId, state: sealState(progress) }] }],
  closing: () => [dropWrite(hold.traceId)],
})

// While a model thinks nothing is written for long; the run is held all the same.
export const keepHeld = (scope: Scope, hold: Hold): (() => void) => {
  const renew = () =>
    scope.command({ audit: [], writes: [holdWrite(scope, hold)] }).catch((error: unknown) => {
      scope.log.warn('a run that goes on could not be kept held', { error, traceId: hold.traceId })
    })
  const timer = setInterval(() => void renew(), LEASE_MS / 3)
  return () => clearInterval(timer)
}
