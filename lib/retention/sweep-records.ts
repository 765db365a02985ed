import { agedRecords } from '@/lib/adapters'
import type { DueRows } from '@/lib/core/aged-rows'
import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { agedDecisions, surplusDecisions } from '@/lib/governance'
import { agedVersions } from '@/lib/workspace'
import { mayGoOn, type Pass, step } from './pass'
import { addRecords } from './tally'

const MOST = 500

const takeDue = async (scope: Scope, pass: Pass, due: DueRows): Promise<void> => {
  const { table, action, find, take, times, atMost = Number.POSITIVE_INFINITY } = due
  for (let left = atMost; left > 0 && mayGoOn(pass); ) {
    if ((await scope.rows(find, times)).length === 0) return
    const rows = [{ ...times, most: Math.min(MOST, left) }]
    const done = await step(scope, pass, async (db) => {
      const value = (await db.run(take, rows)).length
      return value === 0 ? null : { value, part: { action, records: value, table } }
    })
    if (done === null) return
    addRecords(pass.tally, action === 'deleted' ? done : 0)
    left -= done
  }
}

/** What agents elsewhere did and told, what was decided, what runs met: as old as traces may be, and over. */
export const sweepRecords = async (scope: Scope, pass: Pass): Promise<void> => {
  const until = dateOf(pass.plan.cutoff)
  for (const due of [...agedRecords(scope, until), agedDecisions(until), agedVersions(until)])
    await takeDue(scope, pass, due)
  if (!mayGoOn(pass)) return
  const surplus = await surplusDecisions(scope)
  if (surplus !== null) await takeDue(scope, pass, surplus)
}
