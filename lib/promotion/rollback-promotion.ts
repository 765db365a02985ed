import type { MutateDb, Scope } from '@/lib/core/scope'
import { overrideWrites } from '@/lib/governance'
import type { Override } from '@/lib/governance/contract'
import { Problem } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'
import { changePin, loadSnapshot, type Pin, type PinSet, readPin } from '@/lib/workspace'
import { announce, tellChanged } from './announce'
import { aboutOf, factsOf } from './audit'
import { shortHash, viewOf, withoutPromotion } from './candidate'
import type { RollbackPromotionBody } from './contract'
import { assertPassesLock } from './execute-promotion'
import { requirePromotion, reread } from './get-promotion'
import { bareOf } from './look'
import { statusOf } from './present'
import { isTargetLocked } from './route-state'
import { changePromotion, type PromotionRow } from './store'
import { beforeIn, candidateIn, gatesOf } from './stored'
import { routeOf } from './verdict'

type OverrideReceipt = ReturnType<typeof overrideWrites>

const moved = (row: PromotionRow, now: Pin | null, conflicts: readonly string[]): Problem =>
  new Problem(
    'version_conflict',
    `${row.targetEnv} has moved on since, so this promotion alone cannot be taken back.`,
    {
      conflicts,
      now: now && {
        ...viewOf(now),
        revision: now.revision,
        pinned_by: now.pinnedBy,
        pinned_at: now.pinnedAt.toISOString(),
      },
    },
  )

export const assertKept = async (scope: Scope, workspaceId: string, set: PinSet | null): Promise<void> => {
  if (set === null) return
  const wish = { hash: set.versionHash, workspaceId, isBootComplete: true, skills: undefined }
  if ((await loadSnapshot(scope, wish)) !== null) return
  throw new Problem('version_conflict', 'The files of the version before are not kept any more.', {
    version_hash: shortHash(set.versionHash),
  })
}

type Locked = { environment: string; workspaceId: string; action: string; targetId: string }

/** A lock holds against going back too: whoever may pass it says why. */
export const passLock = (scope: Scope, isLocked: boolean, override: Override | undefined, of: Locked) => {
  if (!isLocked) return null
  if (override === undefined)
    throw new Problem('promotion_blocked', `${of.environment} is locked.`, undefined, {
      body: { override_required: true },
    })
  assertPassesLock(scope, of.environment)
  return overrideWrites(scope, { override, action: of.action, targetId: of.targetId, workspaceId: of.workspaceId })
}

export const writeReceipt = async (db: MutateDb, receipt: OverrideReceipt | null): Promise<void> => {
  for (const { statement, rows } of receipt?.writes ?? []) await db.run(statement, rows)
  for (const audit of receipt?.audits ?? []) db.audit(audit)
}

const restored = (row: PromotionRow, now: Pin | null): PinSet | null => {
  const after = candidateIn(row).next
  const { next, conflicts } = withoutPromotion(beforeIn(row), after, now && bareOf(now))
  if (conflicts.length > 0) throw moved(row, now, conflicts)
  if (stableJson(next) === stableJson(now && bareOf(now)))
    throw moved(row, now, ['nothing of this promotion is left there'])
  return next
}

type Undo = { row: PromotionRow; now: Pin | null; next: PinSet | null; reason: string; receipt: OverrideReceipt | null }

const undo = async (
  scope: Scope,
  db: MutateDb,
  { row, now, next, reason, receipt }: Undo,
): Promise<{ revision: number }> => {
  const at = scope.clock.now()
  const pinned = await changePin(db, {
    ...{ workspaceId: row.workspaceId, environment: row.targetEnv, expectedRevision: now?.revision ?? 0, next },
    ...{ kind: 'rollback', promotionId: row.id, reason, by: scope.actor, byId: scope.identity.userId, at },
  })
  if ((await isTargetLocked(db, routeOf(row))) && receipt === null)
    throw new Problem('promotion_blocked', `${row.targetEnv} is locked.`, undefined, {
      body: { override_required: true },
    })
  const change = { status: 'rolled_back', rolledBackBy: scope.actor, rolledBackAt: at, updatedAt: at }
  if (!(await changePromotion(db, row.id, { status: ['executed'] }, change))) throw new Problem('version_conflict')
  await writeReceipt(db, receipt)
  const news = {
    ...{ id: row.id, workspace_id: row.workspaceId, source_env: row.sourceEnv, target_env: row.targetEnv },
    version_hash: next && shortHash(next.versionHash),
    previous_version_hash: now && shortHash(now.versionHash),
    ...{ rolled_back_by: scope.actor, rolled_back_at: at.toISOString(), reason, override_used: receipt !== null },
  }
  await announce(scope, db, { event: 'promotion.rolled_back', news, sealed: gatesOf(row).announce })
  await tellChanged(db, { id: row.id, workspaceId: row.workspaceId, status: 'rolled_back' })
  return pinned
}

/**
 * Takes one promotion back, whole: the target is given what it had before. What others changed beside it since stays;
 * where they changed the same, it is refused with what they changed.
 */
export const rollbackPromotion = async (scope: Scope, workspaceId: string, id: string, body: RollbackPromotionBody) => {
  const row = await requirePromotion(scope, workspaceId, id)
  if (row.status !== 'executed') throw new Problem('already_resolved', undefined, { status: statusOf(row) })
  const now = await readPin(scope, row.workspaceId, row.targetEnv)
  const next = restored(row, now)
  await assertKept(scope, row.workspaceId, next)
  const locked = await isTargetLocked(scope.db, routeOf(row))
  const of = {
    environment: row.targetEnv,
    workspaceId: row.workspaceId,
    action: 'promotion.rollback',
    targetId: row.id,
  }
  const receipt = passLock(scope, locked, body.override, of)
  const reason = scope.redaction.text(`${body.annotation.key}: ${body.annotation.value}`)
  const facts = factsOf(row, {
    action: 'rolled_back',
    next: candidateIn(row).next,
    before: beforeIn(row),
    kind: 'rollback',
  })
  const data = ({ revision }: { revision: number }) => ({
    ...facts,
    ...{ before: now && viewOf(now), after: next && viewOf(next), version_hash: next && shortHash(next.versionHash) },
    ...{ previous_version_hash: now && shortHash(now.versionHash), revision, reason },
    override_used: receipt !== null,
  })
  await scope.mutate({ ...aboutOf(row), data }, (db) => undo(scope, db, { row, now, next, reason, receipt }))
  return reread(scope, row.id)
}
