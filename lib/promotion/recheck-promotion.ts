import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { PinSet } from '@/lib/workspace'
import { tellChanged } from './announce'
import { aboutOf, factsOf } from './audit'
import { isSameSet } from './candidate'
import { columnsOf, enqueueChecks, seeOrRefuse } from './create-promotion'
import { requirePromotion, reread } from './get-promotion'
import { changePromotion, type PromotionRow } from './store'
import { candidateIn, gatesOf } from './stored'
import { routeOf } from './verdict'

// Who puts something else into it has asked for that; who asks whether it still holds has not.
const alsoAskedBy = ({ identity }: Scope, row: PromotionRow, next: PinSet): string[] => {
  const { next: before, alsoAskedBy: known = [] } = candidateIn(row)
  const { userId } = identity
  return userId === null || isSameSet(before, next) ? [...known] : [...new Set([...known, userId])]
}

/** From the beginning, with both ends as they are now. What was approved before was something else. */
export const restart = async (scope: Scope, row: PromotionRow, runAt: Date): Promise<void> => {
  const { canary } = candidateIn(row)
  const seen = await seeOrRefuse(scope, routeOf(row), canary)
  const { next, target } = seen.subject
  const kept = { canary, announce: gatesOf(row).announce, alsoAskedBy: alsoAskedBy(scope, row, next) }
  const now = scope.clock.now()
  const data = factsOf(row, { action: 'checking', next, before: target })
  await scope.mutate({ ...aboutOf(row), data }, async (db) => {
    const change = { ...columnsOf(seen, kept), status: 'checking', updatedAt: now }
    const expected = { status: ['waiting', 'blocked'] as const, evidenceHash: row.evidenceHash }
    if (!(await changePromotion(db, row.id, expected, change)))
      throw new Problem('version_conflict', undefined, { status: row.status })
    await enqueueChecks(db, row.id, runAt)
    await tellChanged(db, { id: row.id, workspaceId: row.workspaceId, status: 'checking' })
  })
  kernel().bus.emit('job-queued', {})
}

export const recheckPromotion = async (scope: Scope, workspaceId: string, id: string) => {
  const row = await requirePromotion(scope, workspaceId, id)
  await restart(scope, row, scope.clock.now())
  return reread(scope, row.id)
}
