import { dateOf } from '@/lib/core/clock'
import { enqueue } from '@/lib/core/outbox'
import type { MutateDb, Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { tellChanged } from './announce'
import { aboutOf, factsOf } from './audit'
import { sha256, viewOf } from './candidate'
import { FULL_CHECKS, oneCheck } from './checks/all-checks'
import { checkOf, type Extras, type Work, waiting } from './checks/check'
import { notKept } from './checks/place-checks'
import { type ChecksLease, takeLease } from './checks-lease'
import type { Check } from './contract'
import { type Seen, subjectOf } from './look'
import { saveChecks } from './sql'
import { changePromotion, findPromotion, type PromotionRow } from './store'
import { beforeIn, candidateIn, checksIn, gatesOf, type StoredGates } from './stored'
import { routeOf } from './verdict'

export const APPLY_JOB = 'promotion.apply'

type State = { items: Check[]; extras: Extras }

const seenOf = (scope: Scope, row: PromotionRow): Promise<Seen | null> => {
  const { source, sourceRevision, canary } = candidateIn(row)
  const before = beforeIn(row)
  const ends = {
    source: { ...source, revision: sourceRevision },
    target: before && { ...before, revision: row.targetRevision },
    canary,
  }
  return subjectOf(scope, routeOf(row), ends, row.id)
}

const put = (state: State, at: number, check: Check): void => {
  state.items[at] = check
}

const runAll = async (scope: Scope, seen: Seen, state: State, lease: ChecksLease): Promise<void> => {
  for (const [at, [name, check]] of FULL_CHECKS.entries()) {
    const known = state.items[at]?.evidence ?? {}
    put(state, at, {
      name,
      passed: false,
      status: 'running',
      ...(state.items[at]?.evidence ? { evidence: known } : {}),
    })
    await lease.save()
    const progress = async (evidence: Record<string, unknown>): Promise<void> => {
      put(state, at, { name, passed: false, status: 'running', evidence })
      await lease.save()
    }
    const work: Work = { scope, subject: seen.subject, extras: state.extras, progress, known, signal: lease.signal }
    put(state, at, await oneCheck(name, check, work))
  }
}

/** Everything that speaks for or against it, in one number: whoever changes a word of it changes the number. */
export const evidenceHashOf = (row: PromotionRow, gates: StoredGates, { items, extras }: State, at: Date): string =>
  sha256({
    promotion: row.id,
    ...routeOf(row),
    next: viewOf(candidateIn(row).next),
    replaces: beforeIn(row),
    revision: row.targetRevision,
    gate: gates.gate,
    asks_approval: gates.asksApproval,
    checked_at: at.toISOString(),
    checks: items,
    extras,
  })

const laterOf = (...dates: readonly (Date | null)[]): Date =>
  dateOf(Math.max(...dates.map((date) => date?.getTime() ?? 0)))

/** A promotion that has a time is applied by itself; what it still lacks then is looked at then. */
export const scheduleApply = async (
  db: MutateDb,
  row: Pick<PromotionRow, 'id' | 'applyAt' | 'evidenceHash'>,
  soakUntil: Date | null,
  now: Date,
): Promise<void> => {
  if (row.applyAt === null) return
  const runAt = laterOf(row.applyAt, soakUntil, now)
  await enqueue(db, { kind: APPLY_JOB, payload: { id: row.id }, runAt, dedupeKey: `${row.id}:${row.evidenceHash}` })
}

const outcomeOf = (row: PromotionRow, seen: Seen | null, state: State, now: Date) => {
  const gates: StoredGates = { ...gatesOf(row), ...(seen ? { asksApproval: seen.asksApproval } : {}) }
  const failed = state.items.filter(({ status }) => status === 'fail').map(({ name }) => name)
  const soak = gates.gate.soak_minutes
  return {
    failed,
    gates,
    status: failed.length > 0 ? ('blocked' as const) : ('waiting' as const),
    evidenceHash: evidenceHashOf(row, gates, state, now),
    soakUntil: soak === 0 ? null : dateOf(now.getTime() + soak * 60_000),
  }
}

const LOST = Symbol('lost')

const conclude = async (scope: Scope, row: PromotionRow, seen: Seen | null, state: State, lease: ChecksLease) => {
  const now = scope.clock.now()
  const { failed, gates, status, evidenceHash, soakUntil } = outcomeOf(row, seen, state, now)
  const { next } = candidateIn(row)
  const facts = factsOf(row, { action: 'checked', next, before: beforeIn(row) })
  const data = { ...facts, evidence_hash: evidenceHash, failed, blocked: failed.length > 0 }
  await scope.mutate({ ...aboutOf(row), data }, async (db) => {
    if ((await db.run(saveChecks, [lease.row()])).length === 0) throw LOST
    const checks = { run: null, until: null, ...state } as object
    // Whoever asked may have left meanwhile: when it is applied and what comes with it stands there by now.
    const left = await findPromotion(db, row.id)
    const { announce, annotation } = gatesOf(left ?? row)
    const kept = { ...gates, announce, ...(annotation === undefined ? {} : { annotation }) } as object
    const change = { status, checks, gates: kept, evidenceHash, soakUntil, checkedAt: now, updatedAt: now }
    if (!(await changePromotion(db, row.id, { status: ['checking'] }, change))) throw LOST
    const applyAt = left?.applyAt ?? null
    if (status === 'waiting') await scheduleApply(db, { id: row.id, applyAt, evidenceHash }, soakUntil, now)
    await tellChanged(db, { id: row.id, workspaceId: row.workspaceId, status })
  })
}

const missingFiles = (row: PromotionRow): Check[] =>
  FULL_CHECKS.map(([name]) =>
    name === 'workspace_pinned' ? checkOf(name, notKept(candidateIn(row).source.versionHash)) : waiting(name),
  ).filter(({ status }) => status !== 'waiting')

export type ChecksOutcome = 'done' | 'busy' | 'gone'

/**
 * Runs the checks of a promotion, each kept as soon as it is known. Who goes on after a process that died begins with
 * what that one has left: nothing is paid twice.
 */
export const runChecks = async (scope: Scope, id: string): Promise<ChecksOutcome> => {
  const row = await findPromotion(scope.db, id)
  if (row === null || row.status !== 'checking') return 'gone'
  const { items, extras } = checksIn(row)
  const state: State = { items: [...items], extras: { ...extras } }
  const lease = await takeLease(scope, id, state)
  if (lease === null) return 'busy'
  try {
    const seen = await seenOf(scope, row)
    if (seen === null) state.items = missingFiles(row)
    else await runAll(scope, seen, state, lease)
    await conclude(scope, row, seen, state, lease)
    return 'done'
  } catch (error) {
    if (error === LOST || (lease.signal.aborted && !scope.signal.aborted)) return 'busy'
    if (scope.signal.aborted) throw new Problem('shutting_down')
    throw error
  } finally {
    lease.end()
  }
}
