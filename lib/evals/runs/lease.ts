import { dateOf } from '@/lib/core/clock'
import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { renewRun, takeRun } from './sql'
import { findRun } from './store'

export const LEASE_MS = 30_000

export type Lease = {
  // The same run is held for longer. False: somebody else has it.
  renew(): Promise<boolean>
  // How the run stands; `isHeld` is false where somebody else has taken it.
  look(): Promise<{ status: string | undefined; isHeld: boolean }>
  // The last that is written under this lease.
  end(write: (held: string) => readonly CommandWrite[], audit?: readonly CommandAudit[]): Promise<boolean>
  free(): Promise<void>
}

const untilOf = (scope: Scope): string => storedTime(dateOf(scope.clock.now().getTime() + LEASE_MS))

const renewing = (id: string, held: string, until: string | null): CommandWrite => ({
  statement: renewRun,
  guard: true,
  rows: [{ id, held, until }],
})

/** Holds a run for whoever works on it; null where somebody does, or where it has come to its end. */
export const takeLease = async (scope: Scope, id: string): Promise<Lease | null> => {
  const state = { held: untilOf(scope), queue: Promise.resolve() as Promise<unknown> }
  const now = storedTime(scope.clock.now())
  const rows = [{ id, now, until: state.held }]
  const taken = await scope.command({ audit: [], writes: [{ statement: takeRun, guard: true, rows }] })
  if (!taken.applied) return null
  // One after the other: each names the time that the one before has set.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = state.queue.then(work)
    state.queue = next.catch(() => undefined)
    return next
  }
  return {
    renew: () =>
      inTurn(async () => {
        const until = untilOf(scope)
        // Within one millisecond it is the same time, and held already.
        const { applied } = await scope.command({ audit: [], writes: [renewing(id, state.held, until)] })
        if (!applied) return false
        state.held = until
        return true
      }),
    look: () =>
      inTurn(async () => {
        const row = await findRun(scope.db, id)
        const held = row?.leaseUntil ? storedTime(row.leaseUntil) : null
        return { status: row?.status, isHeld: held === state.held }
      }),
    end: (write, audit = []) => inTurn(async () => (await scope.command({ audit, writes: write(state.held) })).applied),
    free: () => inTurn(async () => void (await scope.command({ audit: [], writes: [renewing(id, state.held, null)] }))),
  }
}
