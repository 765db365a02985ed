import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { claimChecks, saveChecks } from './sql'
import type { StoredChecks } from './stored'

const LEASE_MS = 60_000
const RENEW_MS = 15_000

type State = Pick<StoredChecks, 'items' | 'extras'>

export type ChecksLease = {
  run: string
  // Aborted once somebody else has it, or the caller leaves.
  signal: AbortSignal
  save(): Promise<void>
  row(): object
  end(): void
}

const untilOf = (scope: Scope): string => dateOf(scope.clock.now().getTime() + LEASE_MS).toISOString()

/** The right to run the checks of one promotion; null where another process has it. */
export const takeLease = async (scope: Scope, id: string, state: State): Promise<ChecksLease | null> => {
  const now = scope.clock.now()
  const run = uuidv7(now.getTime())
  const claim = { id, run, now: now.toISOString(), until: untilOf(scope) }
  const { applied } = await scope.command({
    audit: [],
    writes: [{ statement: claimChecks, rows: [claim], guard: true }],
  })
  if (!applied) return null
  const lost = new AbortController()
  const row = () => ({ id, run, checks: { ...state, run, until: untilOf(scope) } })
  const save = async (): Promise<void> => {
    const write = { statement: saveChecks, rows: [row()], guard: true }
    const saved = await scope.command({ audit: [], writes: [write] })
    if (!saved.applied) lost.abort(new Error('Somebody else runs these checks'))
    lost.signal.throwIfAborted()
  }
  const timer = setInterval(() => void save().catch(() => undefined), RENEW_MS)
  timer.unref()
  return { run, signal: AbortSignal.any([lost.signal, scope.signal]), save, row, end: () => clearInterval(timer) }
}
