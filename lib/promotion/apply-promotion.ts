import { enqueue } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import { isProblem } from '@/lib/shared/problem'
import { tellChanged } from './announce'
import { aboutOf, factsOf } from './audit'
import { execute } from './execute-promotion'
import { isOpen } from './present'
import { APPLY_JOB } from './run-checks'
import { changePromotion, findPromotion, type PromotionRow } from './store'
import { beforeIn, candidateIn, gatesOf } from './stored'
import { verdictOf } from './verdict'

const MOST_FAILURE = 500

// Things that come by themselves or by people: it waits for them, and is asked again when they come.
const AWAITED: readonly string[] = ['approvals', 'soak_time']

const isEarly = (row: PromotionRow, now: Date): Date | null => {
  const times = [row.applyAt, row.soakUntil].filter((at) => at !== null && at > now)
  return times.sort((a, b) => Number(b) - Number(a))[0] ?? null
}

const MOVED_ON = Symbol('moved on')

// It was to be applied now and could not be: that is said, and a person looks at it.
const giveUp = async (scope: Scope, row: PromotionRow, why: string): Promise<void> => {
  const failure = why.slice(0, MOST_FAILURE)
  const facts = factsOf(row, { action: 'not_applied', next: candidateIn(row).next, before: beforeIn(row) })
  await scope
    .mutate({ ...aboutOf(row), data: { ...facts, reason: failure } }, async (db) => {
      const change = { status: 'failed', failure, updatedAt: scope.clock.now() }
      const expected = { status: ['waiting', 'blocked'] as const, evidenceHash: row.evidenceHash }
      if (!(await changePromotion(db, row.id, expected, change))) throw MOVED_ON
      await tellChanged(db, { id: row.id, workspaceId: row.workspaceId, status: 'failed' })
    })
    .catch((error: unknown) => {
      if (error !== MOVED_ON) throw error
    })
}

const FINAL: readonly string[] = ['version_conflict', 'promotion_blocked', 'already_resolved', 'permission_denied']

/** At the time that was set: everything that counts is asked again, and only then is it applied. */
export const applyPromotion = async (scope: Scope, id: string): Promise<void> => {
  const row = await findPromotion(scope.db, id)
  if (row === null || !isOpen(row) || row.applyAt === null) return
  const early = isEarly(row, scope.clock.now())
  if (early !== null) {
    await scope.mutate(
      {
        ...aboutOf(row),
        data: factsOf(row, { action: 'scheduled', next: candidateIn(row).next, before: beforeIn(row) }),
      },
      (db) => enqueue(db, { kind: APPLY_JOB, payload: { id }, runAt: early }),
    )
    return
  }
  const { failed } = await verdictOf(scope, scope.db, row)
  if (failed.length > 0 && failed.every(({ name }) => AWAITED.includes(name))) return
  try {
    const scheduled = { key: 'scheduled', value: row.applyAt.toISOString() }
    await execute(scope, row, { annotation: gatesOf(row).annotation ?? scheduled })
  } catch (error) {
    if (!isProblem(error) || !FINAL.includes(error.code)) throw error
    await giveUp(scope, row, error.message)
  }
}
