import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { tellChanged } from './announce'
import { aboutOf, factsOf } from './audit'
import { requirePromotion, reread } from './get-promotion'
import { changePromotion } from './store'
import { beforeIn, candidateIn } from './stored'

export const cancelPromotion = async (scope: Scope, workspaceId: string, id: string, body: { reason: string }) => {
  const row = await requirePromotion(scope, workspaceId, id)
  const reason = scope.redaction.text(body.reason)
  const facts = factsOf(row, { action: 'cancelled', next: candidateIn(row).next, before: beforeIn(row) })
  await scope.mutate({ ...aboutOf(row), data: { ...facts, reason } }, async (db) => {
    const change = { status: 'cancelled', failure: reason, updatedAt: scope.clock.now() }
    if (!(await changePromotion(db, row.id, { status: ['checking', 'waiting', 'blocked'] }, change)))
      throw new Problem('already_resolved', undefined, { status: row.status })
    await tellChanged(db, { id: row.id, workspaceId: row.workspaceId, status: 'cancelled' })
  })
  return reread(scope, row.id)
}
