import type { Scope } from '@/lib/core/scope'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import { shortHash, viewOf } from './candidate'
import { type Promotion, PromotionStatus, type PromotionSummary } from './contract'
import type { PromotionRow } from './store'
import { askersOf, beforeIn, candidateIn, checksIn, gatesOf } from './stored'
import { bindingHash, mayApproveAs, type Verdict } from './verdict'

export const statusOf = ({ status }: Pick<PromotionRow, 'status'>): PromotionStatus => PromotionStatus.parse(status)

export const isOpen = (row: PromotionRow): boolean => row.status === 'waiting' || row.status === 'blocked'

const waitsFor = (row: PromotionRow, now: Date, lacksApprovals: boolean): PromotionSummary['waits_for'] => {
  if (row.status === 'checking') return ['checks']
  if (row.status !== 'waiting') return []
  return [
    ...(lacksApprovals ? (['approvals'] as const) : []),
    ...(row.soakUntil !== null && now < row.soakUntil ? (['soak_time'] as const) : []),
    ...(row.applyAt !== null && now < row.applyAt ? (['apply_at'] as const) : []),
  ]
}

export const presentSummary = (row: PromotionRow, now: Date, lacksApprovals: boolean): PromotionSummary => {
  const { next, canary } = candidateIn(row)
  const before = beforeIn(row)
  return {
    id: row.id,
    workspace_id: row.workspaceId,
    source_env: row.sourceEnv,
    target_env: row.targetEnv,
    status: statusOf(row),
    waits_for: waitsFor(row, now, lacksApprovals),
    version_hash: shortHash(canary ? (next.canary?.versionHash ?? next.versionHash) : next.versionHash),
    previous_version_hash: before && shortHash(before.versionHash),
    is_canary: canary !== null,
    note: row.note,
    requested_by: row.requestedBy,
    created_at: toWire(row.createdAt),
    checked_at: toWireOrNull(row.checkedAt),
    executed_by: row.executedBy,
    executed_at: toWireOrNull(row.executedAt),
    override_used: row.receiptId !== null,
    failure: row.failure,
    rolled_back_by: row.rolledBackBy,
    rolled_back_at: toWireOrNull(row.rolledBackAt),
    updated_at: toWire(row.updatedAt),
  }
}

type Asked = Pick<PromotionRow, 'requestedBy' | 'requestedById' | 'candidate'>

export const isRequester = ({ identity }: Scope, row: Asked): boolean =>
  row.requestedBy === identity.actor || (identity.userId !== null && askersOf(row).includes(identity.userId))

const acts = (scope: Scope, row: PromotionRow, { failed, isLocked }: Verdict): Promotion['can'] => {
  const { identity, permissions } = scope
  const isService = identity.plane === 'service'
  const promotes = isService ? identity.scopes.has('write') : permissions.has('workspace:promote')
  const { from, role } = gatesOf(row).gate.approvals
  const person = identity.plane === 'ops' ? identity.userId : null
  const isNamed = person !== null && (from === null || from.includes(person))
  const passesLock = !isLocked || permissions.has('workspace:lock')
  return {
    approve: isOpen(row) && isNamed && mayApproveAs(identity.role, role) && promotes && !isRequester(scope, row),
    execute: isOpen(row) && promotes && failed.length === 0,
    override:
      isOpen(row) && promotes && failed.length > 0 && person !== null && passesLock && permissions.has('override:use'),
    cancel: promotes && (isOpen(row) || row.status === 'checking'),
    recheck: promotes && isOpen(row),
    rollback: row.status === 'executed' && (isService ? promotes : permissions.has('workspace:rollback')),
  }
}

export const presentPromotion = (scope: Scope, row: PromotionRow, verdict: Verdict): Promotion => {
  const { checks, failed, approvals } = verdict
  const { gate } = gatesOf(row)
  const { extras } = checksIn(row)
  const before = beforeIn(row)
  return {
    ...presentSummary(row, scope.clock.now(), approvals.given < approvals.required),
    next: viewOf(candidateIn(row).next),
    replaces: before && viewOf(before),
    target_revision: row.targetRevision,
    candidate_hash: bindingHash(row),
    evidence_hash: row.evidenceHash,
    gate,
    blocked: failed.length > 0,
    checks,
    ...(extras.impact ? { impact: extras.impact } : {}),
    ...(extras.cost_forecast ? { cost_forecast: extras.cost_forecast } : {}),
    deprecated_skills: extras.deprecated_skills ?? [],
    approvals: { ...approvals, role: gate.approvals.role, from: gate.approvals.from },
    soak_until: toWireOrNull(row.soakUntil),
    apply_at: toWireOrNull(row.applyAt),
    receipt_id: row.receiptId,
    can: acts(scope, row, verdict),
  }
}
