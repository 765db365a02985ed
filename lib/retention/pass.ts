import { monotonicMs } from '@/lib/core/clock'
import type { MutateDb, Scope } from '@/lib/core/scope'
import { TOO_LONG } from '@/lib/core/writer'
import { uuidv7 } from '@/lib/shared/id'
import { deleteTraces, reduceTraces, staleBefore, type Taken, userNames, youngSince } from '@/lib/tracing'
import { digestOf } from './digest'
import { type Action, type Batch, dueBatches, keepPace, type Pace } from './due-batches'
import type { Plan } from './fate'
import { isSameRules } from './rules'
import { lock, rulesOf } from './store'
import { addTaken, newTally, type Tally } from './tally'

export type Pass = {
  id: string
  plan: Plan
  tally: Tally
  pace: Pace
  startedMs: number
  // Beyond it the rest is left to a job.
  endsMs: number
  signal: AbortSignal
  // Why it ended early.
  stopped: 'time' | 'rules' | null
}

export const newPass = (scope: Scope, plan: Plan, budgetMs: number, signal: AbortSignal = scope.signal): Pass => ({
  id: uuidv7(scope.clock.now().getTime()),
  plan,
  tally: newTally(),
  pace: { share: 1 },
  startedMs: monotonicMs(),
  endsMs: monotonicMs() + budgetMs,
  signal,
  stopped: null,
})

const NOTHING = Symbol('nothing to do')
const OVERRULED = Symbol('the rules changed')

// A hold that is set, or a policy that is changed, while a pass is under way ends it before its next transaction.
const mustStand = async (db: MutateDb, { plan }: Pass): Promise<void> => {
  await lock(db)
  const now = await rulesOf(db)
  const stands = plan.userId === undefined ? isSameRules(now, plan.rules) : !now.legal_hold
  if (!stands) throw OVERRULED
}

type Done<T> = { value: T; part: object }

/** One transaction with its own audit row. Null: others were faster and there was nothing left to do. */
export const step = async <T>(
  scope: Scope,
  pass: Pass,
  work: (db: MutateDb) => Promise<Done<T> | null>,
): Promise<T | null> => {
  const data = ({ part }: Done<T>) => ({ kind: 'part', pass_id: pass.id, ...part })
  try {
    const { value } = await scope.mutate({ event: 'retention_enforced', entityId: pass.id, data }, async (db) => {
      await mustStand(db, pass)
      const done = await work(db)
      if (done === null) throw NOTHING
      return done
    })
    return value
  } catch (error) {
    if (error === OVERRULED) pass.stopped = 'rules'
    if (error === OVERRULED || error === NOTHING) return null
    throw error
  }
}

const ACTED: Record<Action, string> = { delete: 'deleted', reduce: 'reduced' }

const isTooLong = (error: unknown): boolean => error instanceof Error && error.message === TOO_LONG

// A database that is very busy gets the same in two halves.
const take = async (scope: Scope, pass: Pass, batch: Batch): Promise<void> => {
  const began = monotonicMs()
  try {
    await takeWhole(scope, pass, batch)
  } catch (error) {
    const half = Math.ceil(batch.ids.length / 2)
    if (!isTooLong(error) || half === batch.ids.length) throw error
    await take(scope, pass, { ...batch, ids: batch.ids.slice(0, half) })
    if (mayGoOn(pass)) await take(scope, pass, { ...batch, ids: batch.ids.slice(half) })
  }
  keepPace(pass.pace, monotonicMs() - began)
}

const takeWhole = async (scope: Scope, pass: Pass, { action, ids }: Batch): Promise<void> => {
  const { rules, userId } = pass.plan
  const taking = {
    ids,
    stale: staleBefore(scope),
    young: youngSince(scope),
    ...(userId === undefined ? {} : { user: userNames(scope, userId) }),
  }
  const mode = rules.storage_mode === 'full' ? 'summary' : rules.storage_mode
  const taken = await step<Taken>(scope, pass, async (db) => {
    const done = action === 'delete' ? await deleteTraces(db, taking) : await reduceTraces(db, mode, taking)
    if (done.ids.length === 0) return null
    const counts = { traces: done.ids.length, bytes: done.bytes, bodies: done.freed.bodies }
    return { value: done, part: { action: ACTED[action], ...counts, ids_sha256: digestOf(done.ids) } }
  })
  if (taken) addTaken(pass.tally, action, taken)
}

export const mayGoOn = (pass: Pass): boolean => {
  if (pass.stopped === null && (pass.signal.aborted || monotonicMs() > pass.endsMs)) pass.stopped = 'time'
  return pass.stopped === null
}

/** Batch after batch, each for itself: whoever dies in between leaves what is done, with its proof, and the rest. */
export const takeDue = async (scope: Scope, pass: Pass): Promise<void> => {
  for await (const batch of dueBatches(scope, pass.plan, pass.tally.left, pass.pace)) {
    if (!mayGoOn(pass)) return
    await take(scope, pass, batch)
  }
}
