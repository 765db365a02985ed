import type { MutateDb, Scope } from '@/lib/core/scope'
import { overrideWrites } from '@/lib/governance'
import type { Override } from '@/lib/governance/contract'
import { missing, Problem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import { assertDeliverable } from '@/lib/webhooks'
import { changePin } from '@/lib/workspace'
import { announce, tellChanged } from './announce'
import { aboutOf, factsOf } from './audit'
import { shortHash, viewOf } from './candidate'
import type { Annotation, Announcement, Check } from './contract'
import { requirePromotion, reread } from './get-promotion'
import { isOpen, statusOf } from './present'
import { changePromotion, findPromotion, type PromotionRow } from './store'
import { beforeIn, candidateIn, checksIn, gatesOf } from './stored'
import { bindingHash, routeOf, type Verdict, verdictOf } from './verdict'

export type Execution = {
  annotation: Annotation
  override?: Override | undefined
  webhook?: Announcement | undefined
}

export type Executed = { row: PromotionRow; revision: number; isOverridden: boolean }

const ACTION = 'promotion.execute'

type OverrideReceipt = ReturnType<typeof overrideWrites>

export const blocked = (row: PromotionRow, { checks, failed }: Pick<Verdict, 'checks' | 'failed'>): Problem => {
  const { extras } = checksIn(row)
  const { workspaceId, sourceEnv, targetEnv } = routeOf(row)
  const words = failed.map(({ name, details }) => `${name}: ${details ?? 'failed'}`)
  return new Problem('promotion_blocked', `The promotion is blocked. ${words.join(' ')}`.slice(0, 2_000), undefined, {
    body: {
      checks: {
        ...{ workspace_id: workspaceId, source_env: sourceEnv, target_env: targetEnv, blocked: true, checks },
        ...(extras.impact ? { impact: extras.impact } : {}),
        ...(extras.cost_forecast ? { cost_forecast: extras.cost_forecast } : {}),
        deprecated_skills: extras.deprecated_skills ?? [],
      },
      promotion_id: row.id,
      override_required: true,
    },
  })
}

// Without its files a version cannot run, whoever wishes it.
const NEVER_OVERRIDDEN: readonly string[] = ['source_env_exists', 'source_has_version', 'workspace_pinned']

const assertOpen = (row: PromotionRow): void => {
  if (row.status === 'checking')
    throw new Problem('version_conflict', 'Its checks are not done yet.', { status: row.status })
  if (!isOpen(row)) throw new Problem('already_resolved', undefined, { status: statusOf(row) })
}

export const assertPassesLock = (scope: Scope, environment: string): void => {
  if (scope.permissions.has('workspace:lock')) return
  throw new Problem('permission_denied', `${environment} is locked: passing that asks for workspace:lock.`, {
    permission: 'workspace:lock',
  })
}

/** The receipt with which what failed is passed; null where nothing failed, and then nothing is used up. */
const receiptFor = (scope: Scope, row: PromotionRow, verdict: Verdict, override: Override | undefined) => {
  if (verdict.failed.length === 0) return null
  if (override === undefined) throw blocked(row, verdict)
  const never = verdict.failed.find(({ name }) => NEVER_OVERRIDDEN.includes(name))
  if (never) throw blocked(row, verdict)
  const receipt = overrideWrites(scope, { override, action: ACTION, targetId: row.id, workspaceId: row.workspaceId })
  if (verdict.isLocked) assertPassesLock(scope, row.targetEnv)
  return receipt
}

const reasonOf = (scope: Scope, { key, value }: Annotation): string => scope.redaction.text(`${key}: ${value}`)

const verdictIn = (checks: readonly Check[]) => Object.fromEntries(checks.map(({ name, status }) => [name, status]))

const applyPin = (scope: Scope, db: MutateDb, row: PromotionRow, { annotation }: Execution) =>
  changePin(db, {
    ...{ workspaceId: row.workspaceId, environment: row.targetEnv, expectedRevision: row.targetRevision },
    next: candidateIn(row).next,
    ...{ kind: 'promotion', promotionId: row.id, reason: reasonOf(scope, annotation) },
    ...{ by: scope.actor, byId: scope.identity.userId, at: scope.clock.now() },
  })

// Once the environments are ours nobody can lock them or change an approval's worth unseen: what counts is asked again.
const judgeWithin = async (scope: Scope, db: MutateDb, row: PromotionRow, receipt: OverrideReceipt | null) => {
  const now = (await findPromotion(db, row.id)) ?? missing('promotion')
  const verdict = await verdictOf(scope, db, now)
  if (verdict.failed.length > 0 && receipt === null) throw blocked(row, verdict)
  if (verdict.isLocked) assertPassesLock(scope, row.targetEnv)
  return verdict
}

const settle = async (
  scope: Scope,
  db: MutateDb,
  row: PromotionRow,
  receipt: OverrideReceipt | null,
): Promise<void> => {
  const now = scope.clock.now()
  const change = {
    candidate: candidateIn(row) as object,
    ...{ status: 'executed', executedBy: scope.actor, executedById: scope.identity.userId, executedAt: now },
    ...{ receiptId: receipt?.id ?? null, failure: null, updatedAt: now },
  }
  const expected = { status: ['waiting', 'blocked'] as const, evidenceHash: row.evidenceHash }
  if (await changePromotion(db, row.id, expected, change)) return
  throw new Problem('version_conflict', 'Somebody else was faster with this promotion.')
}

const newsOf = (scope: Scope, row: PromotionRow, receipt: OverrideReceipt | null) => {
  const before = beforeIn(row)
  return {
    ...{ id: row.id, workspace_id: row.workspaceId, source_env: row.sourceEnv, target_env: row.targetEnv },
    version_hash: shortHash(candidateIn(row).next.versionHash),
    previous_version_hash: before && shortHash(before.versionHash),
    next: viewOf(candidateIn(row).next),
    ...{ executed_by: scope.actor, executed_at: scope.clock.now().toISOString() },
    ...{ evidence_hash: row.evidenceHash, override_used: receipt !== null },
  }
}

type Done = { revision: number; verdict: Verdict }

const dataOf = (scope: Scope, row: PromotionRow, wish: Execution, receipt: OverrideReceipt | null) => (done: Done) => ({
  ...factsOf(row, { action: 'executed', next: candidateIn(row).next, before: beforeIn(row) }),
  revision: done.revision,
  candidate_hash: bindingHash(row),
  evidence_hash: row.evidenceHash,
  verdict: verdictIn(done.verdict.checks),
  failed: done.verdict.failed.map(({ name }) => name),
  approvals: done.verdict.approvals.items.filter(({ counts }) => counts).map(({ user_id }) => user_id),
  annotation: { key: wish.annotation.key, value: scope.redaction.text(wish.annotation.value) },
  override_used: receipt !== null,
  ...(receipt === null ? {} : { receipt_id: receipt.id }),
})

// A trial begins once it is there: what ran while people thought about it is no part of the comparison.
const begunNow = (scope: Scope, row: PromotionRow): PromotionRow => {
  const candidate = candidateIn(row)
  const { canary } = candidate.next
  if (candidate.canary === null || canary === null) return row
  const next = { ...candidate.next, canary: { ...canary, startedAt: toWire(scope.clock.now()) } }
  return { ...row, candidate: { ...candidate, next } as object }
}

/** All of it at once or nothing: the pin, the word of it, the receipt, the news. */
export const execute = async (scope: Scope, asked: PromotionRow, wish: Execution): Promise<Executed> => {
  assertOpen(asked)
  const row = begunNow(scope, asked)
  if (wish.webhook) assertDeliverable(wish.webhook.url)
  const verdict = await verdictOf(scope, scope.db, row)
  const receipt = receiptFor(scope, row, verdict, wish.override)
  const { announce: sealed } = gatesOf(row)
  const about = { ...aboutOf(row), data: dataOf(scope, row, wish, receipt) }
  const done = await scope.mutate(about, async (db): Promise<Done> => {
    const { revision } = await applyPin(scope, db, row, wish)
    const now = await judgeWithin(scope, db, row, receipt)
    await settle(scope, db, row, receipt)
    for (const { statement, rows } of receipt?.writes ?? []) await db.run(statement, rows)
    for (const audit of receipt?.audits ?? []) db.audit(audit)
    const also = wish.webhook ? { also: wish.webhook } : {}
    await announce(scope, db, { event: 'promotion.executed', news: newsOf(scope, row, receipt), sealed, ...also })
    await tellChanged(db, { id: row.id, workspaceId: row.workspaceId, status: 'executed' })
    return { revision, verdict: now }
  })
  return { row, revision: done.revision, isOverridden: receipt !== null }
}

export const executePromotion = async (scope: Scope, workspaceId: string, id: string, wish: Execution) => {
  await execute(scope, await requirePromotion(scope, workspaceId, id), wish)
  return reread(scope, id.toLowerCase())
}
