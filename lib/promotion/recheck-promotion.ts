import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { tellChanged } from './announce'
import { aboutOf, factsOf } from './audit'
import { columnsOf, enqueueChecks, seeOrRefuse } from './create-promotion'
import { requirePromotion, reread } from './get-promotion'
import { changePromotion, type PromotionRow } from './store'
import { candidateIn, gatesOf } from './stored'
import { routeOf } from './verdict'

/** From the beginning, with both ends as they are now. What was approved before was something else. */
export const restart = async (scope: Scope, row: PromotionRow, runAt: Date): Promise<void> => {
  const { canary } = candidateIn(row)
  const seen = await seeOrRefuse(scope, routeOf(row), canary)
  const { next, target } = seen.subject
  const now = scope.clock.now()
  const data = factsOf(row, { action: 'checking', next, before: target })
  await scope.mutate({ ...aboutOf(row), data }, async (db) => {
    const change = { ...columnsOf(seen, canary, gatesOf(row).announce), status: 'checking', updatedAt: now }
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
