import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { type AgedTrace, agedTraces } from '@/lib/tracing'
import { type Fate, fateOf, lookUntil, type Plan } from './fate'

export type Action = Extract<Fate, 'delete' | 'reduce'>
export type Batch = { action: Action; ids: string[] }
export type Left = { running: number; pending: number }

const MOST_TRACES = 500
// Steps and spans of one transaction: so that the next writer need not wait for a very long trace's neighbours.
const MOST_ROWS = 10_000

// An index forgets a text word by word, which takes far longer than the rows do.
const MOST_TEXT = 262_144

const FAR = Date.UTC(9999, 0, 1)

type Open = { ids: string[]; rows: number; textBytes: number }

const nothing = (): Open => ({ ids: [], rows: 0, textBytes: 0 })

const add = (batch: Open, { id, rows, textBytes }: AgedTrace, share: number): boolean => {
  batch.ids.push(id)
  batch.rows += rows
  batch.textBytes += textBytes
  const most = Math.max(batch.ids.length / MOST_TRACES, batch.rows / MOST_ROWS, batch.textBytes / MOST_TEXT)
  return most >= share
}

// How much of a full batch the database takes in good time; found out as the pass goes on.
export type Pace = { share: number }

const SLOW_MS = 1_000
const QUICK_MS = 250
const LEAST = 1 / 100

export const keepPace = (pace: Pace, tookMs: number): void => {
  if (tookMs > SLOW_MS) pace.share = Math.max(LEAST, pace.share / 2)
  else if (tookMs < QUICK_MS) pace.share = Math.min(1, pace.share * 2)
}

/** What is due, in batches that fit a small transaction. What may not be touched yet is counted in `left`. */
export async function* dueBatches(
  scope: Scope,
  plan: Plan,
  left: Left,
  pace: Pace = { share: 1 },
): AsyncGenerator<Batch> {
  const open: Record<Action, Open> = { delete: nothing(), reduce: nothing() }
  const until = dateOf(Math.min(lookUntil(plan, scope.clock.now().getTime()), FAR))
  const walk = { until, ...(plan.userId === undefined ? {} : { userId: plan.userId }) }
  for await (const trace of agedTraces(scope, walk)) {
    const fate = fateOf(trace, plan)
    if (fate === 'keep') continue
    if (fate === 'running' || fate === 'pending') {
      left[fate]++
      continue
    }
    const batch = open[fate]
    if (!add(batch, trace, pace.share)) continue
    open[fate] = nothing()
    yield { action: fate, ids: batch.ids }
  }
  for (const action of ['delete', 'reduce'] as const)
    if (open[action].ids.length > 0) yield { action, ids: open[action].ids }
}
