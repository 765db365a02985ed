import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { saidOptions } from './kept-options'
import type { Lease } from './lease'
import { outcomeOf, reckon } from './reckon'
import { dropResults, endRun } from './sql'
import * as store from './store'

// Why a run ends before all of its cases are done.
export type Why = { status: 'cancelled' | 'stopped'; failure: string }

const LEFT = { cancelled: 'cancelled', stopped: 'inconclusive' } as const

const dropLeft = (scope: Scope, run: string, { status, failure }: Why) =>
  scope.command({
    audit: [],
    writes: [{ statement: dropResults, rows: [{ run, status: LEFT[status], error: `Not run: ${failure}` }] }],
  })

/** Reckons what came of a run and writes it down, once. */
export const finishRun = async (scope: Scope, row: store.RunRow, lease: Lease, why: Why | null): Promise<boolean> => {
  if (why !== null) await dropLeft(scope, row.id, why)
  const found = reckon(await store.findMarks(scope.db, row.id))
  const { counts, scores, cost } = found
  const outcome = why?.status === 'cancelled' ? null : outcomeOf(found, saidOptions(row).pass_threshold ?? 1)
  const status = why?.status ?? 'completed'
  const data = {
    eval_id: row.id,
    phase: status,
    outcome,
    dataset: row.datasetName,
    cases: found.sums.length,
    passed: counts.passed,
    failed: counts.failed,
    errors: counts.errors,
    inconclusive: counts.inconclusive,
    cost_micro_usd: Number(cost),
    ...(why === null ? {} : { failure: why.failure }),
  }
  const write = (held: string) => [
    {
      statement: endRun,
      guard: true,
      rows: [
        {
          ...{ id: row.id, held, status, outcome, scores },
          done: found.sums.length - counts.pending,
          passed: counts.passed,
          failed: counts.failed,
          errors: counts.errors,
          inconclusive: counts.inconclusive,
          cost: Number(cost),
          failure: why?.failure ?? null,
          now: storedTime(scope.clock.now()),
        },
      ],
    },
  ]
  return lease.end(write, [{ event: 'eval_run', entityId: row.id, workspaceId: row.workspaceId, data }])
}
