import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { tellChanged } from './announce'
import { aboutOf, factsOf } from './audit'
import type { ApproveBody } from './contract'
import { requirePromotion, reread } from './get-promotion'
import { isOpen, isRequester } from './present'
import { scheduleApply } from './run-checks'
import { changePromotion, type PromotionRow, putApproval } from './store'
import { beforeIn, candidateIn, gatesOf } from './stored'
import { bindingHash, mayApproveAs } from './verdict'

/** Why this caller's word on it would not count. */
const assertMay = (scope: Scope, row: PromotionRow): string => {
  const { identity, permissions } = scope
  if (identity.plane !== 'ops' || identity.userId === null || !permissions.has('workspace:promote'))
    throw new Problem('permission_denied', 'Only a person who may promote can approve.', {
      permission: 'workspace:promote',
    })
  if (isRequester(scope, row)) throw new Problem('own_request', undefined, { requested_by: row.requestedBy })
  const { from, role } = gatesOf(row).gate.approvals
  if (!mayApproveAs(identity.role, role))
    throw new Problem('permission_denied', 'This gate asks for another role.', {
      required_role: role,
      role: identity.role,
    })
  if (from !== null && !from.includes(identity.userId))
    throw new Problem('permission_denied', 'The gate names the people who approve; you are none of them.', { from })
  return identity.userId
}

const assertSeen = (row: PromotionRow, seen: string | undefined): string => {
  const hash = bindingHash(row)
  if (row.status === 'checking' || hash === null)
    throw new Problem('version_conflict', 'Its checks are not done, so there is nothing to approve yet.')
  if (!isOpen(row)) throw new Problem('already_resolved', undefined, { status: row.status })
  if (seen !== undefined && seen !== hash)
    throw new Problem('version_conflict', 'It is not what you have looked at any more.', { candidate_hash: hash })
  return hash
}

/** A person's word on exactly this candidate with this evidence. One no ends it. */
export const approvePromotion = async (scope: Scope, workspaceId: string, id: string, body: ApproveBody) => {
  const row = await requirePromotion(scope, workspaceId, id)
  const userId = assertMay(scope, row)
  const candidateHash = assertSeen(row, body.candidate_hash)
  const comment = body.comment === undefined ? null : scope.redaction.text(body.comment)
  const now = scope.clock.now()
  const facts = factsOf(row, {
    action: body.decision === 'approve' ? 'approved' : 'rejected',
    next: candidateIn(row).next,
    before: beforeIn(row),
  })
  const data = { ...facts, candidate_hash: candidateHash, evidence_hash: row.evidenceHash, comment }
  const isNo = body.decision === 'reject'
  await scope.mutate({ ...aboutOf(row), data }, async (db) => {
    const change = isNo
      ? { status: 'rejected', failure: comment ?? 'It was rejected.', updatedAt: now }
      : { updatedAt: now }
    const expected = { status: ['waiting', 'blocked'] as const, evidenceHash: row.evidenceHash }
    if (!(await changePromotion(db, row.id, expected, change))) throw new Problem('version_conflict')
    const name = scope.identity.name ?? userId
    await putApproval(db, {
      ...{ promotionId: row.id, userId, userName: name, decision: body.decision, comment, candidateHash },
      decidedAt: now,
    })
    if (!isNo) await scheduleApply(db, row, row.soakUntil, now)
    await tellChanged(db, { id: row.id, workspaceId: row.workspaceId, status: isNo ? 'rejected' : row.status })
  })
  kernel().bus.emit('job-queued', {})
  return reread(scope, row.id)
}
