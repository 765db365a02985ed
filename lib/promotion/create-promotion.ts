import { dateOf } from '@/lib/core/clock'
import { enqueue } from '@/lib/core/outbox'
import type { MutateDb, Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import { sealAnnouncement, tellChanged } from './announce'
import { aboutOf, factsOf } from './audit'
import type { Candidate, Route } from './candidate'
import { FULL_CHECKS } from './checks/all-checks'
import { waiting } from './checks/check'
import type { Announcement, NewPromotion } from './contract'
import { reread } from './get-promotion'
import { bareOf, checksOf, look, type Seen } from './look'
import { enter } from './route-state'
import { insertPromotion } from './store'
import type { StoredCandidate, StoredChecks, StoredGates } from './stored'

export const CHECK_JOB = 'promotion.check'
// Each process that dies at them costs some: those that come before its lease has run out find it busy.
export const CHECK_ATTEMPTS = 60

const NO_CHECKS: StoredChecks = {
  run: null,
  until: null,
  items: FULL_CHECKS.map(([name]) => waiting(name)),
  extras: {},
}

type Kept = { canary: Candidate['canary']; announce: string | null; alsoAskedBy?: readonly string[] }

/** The columns that say what is on its way and what it has to pass. */
export const columnsOf = ({ subject, asksApproval }: Seen, { canary, announce, alsoAskedBy = [] }: Kept) => {
  const { source, target, next, gate, gates } = subject
  const from = { source: bareOf(source), sourceRevision: source.revision }
  const candidate: StoredCandidate = { ...from, canary, next, ...(alsoAskedBy.length === 0 ? {} : { alsoAskedBy }) }
  const kept: StoredGates = { gate, loosened: gates.loosened, announce, asksApproval }
  return {
    candidate: candidate as object,
    targetRevision: target?.revision ?? 0,
    gates: kept as object,
    checks: NO_CHECKS as object,
    evidenceHash: null,
    checkedAt: null,
    soakUntil: null,
    failure: null,
    targetBefore: { set: target && bareOf(target) },
  }
}

export const enqueueChecks = (db: MutateDb, id: string, runAt: Date): Promise<{ id: string }> =>
  enqueue(db, { kind: CHECK_JOB, payload: { id }, runAt, maxAttempts: CHECK_ATTEMPTS })

type Wish = {
  note?: string | undefined
  applyAt?: Date | undefined
  canary: Candidate['canary']
  webhook?: Announcement | undefined
  // How long a worker leaves the checks to whoever asked.
  patienceMs: number
}

const refuse = (field: string, text: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [], fieldErrors: { [field]: [text] } })
}

export const begin = async (scope: Scope, route: Route, seen: Seen, wish: Wish): Promise<string> => {
  const now = scope.clock.now()
  const id = uuidv7(now.getTime())
  const { next, target } = seen.subject
  const row = { id, ...route }
  const sealed = sealAnnouncement(scope.tenantId, id, wish.webhook)
  const about = { ...aboutOf(row), data: factsOf(row, { action: 'requested', next, before: target }) }
  return scope.mutate(about, async (db) => {
    await insertPromotion(db, {
      ...row,
      ...columnsOf(seen, { canary: wish.canary, announce: sealed }),
      status: 'checking',
      note: wish.note === undefined ? null : scope.redaction.text(wish.note),
      ...{ requestedBy: scope.actor, requestedById: scope.identity.userId, createdAt: now, updatedAt: now },
      applyAt: wish.applyAt ?? null,
      ...{ executedBy: null, executedById: null, executedAt: null, receiptId: null },
      ...{ rolledBackBy: null, rolledBackAt: null },
    })
    await enqueueChecks(db, id, dateOf(now.getTime() + wish.patienceMs))
    await tellChanged(db, { id, workspaceId: route.workspaceId, status: 'checking' })
    return id
  })
}

/** Refused where there is nothing to promote, with the checks that say so. */
export const seeOrRefuse = async (scope: Scope, route: Route, canary: Candidate['canary']): Promise<Seen> => {
  const looked = await look(scope, route, { promotionId: null, canary })
  if ('subject' in looked) return looked
  throw new Problem('promotion_blocked', looked.details, undefined, {
    body: { checks: { ...wireRoute(route), blocked: true, checks: checksOf(looked), deprecated_skills: [] } },
  })
}

export const wireRoute = ({ workspaceId, sourceEnv, targetEnv }: Route) => ({
  workspace_id: workspaceId,
  source_env: sourceEnv,
  target_env: targetEnv,
})

const MOST_AHEAD_MS = 90 * 86_400_000

const momentOf = (scope: Scope, text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined
  const at = dateOf(text)
  if (at.getTime() - scope.clock.now().getTime() > MOST_AHEAD_MS) refuse('apply_at', 'must be within 90 days')
  return at
}

/** Asks for a promotion. What the source runs now is what it is about, whatever the source runs later. */
export const createPromotion = async (scope: Scope, id: string, body: NewPromotion) => {
  const workspaceId = await enter(scope, id)
  const route = { workspaceId, sourceEnv: body.source_env, targetEnv: body.target_env }
  const canary = body.canary ?? null
  const applyAt = momentOf(scope, body.apply_at)
  const seen = await seeOrRefuse(scope, route, canary)
  if (canary && seen.subject.target === null) refuse('canary', 'The target runs nothing that it could run beside')
  const wish = { note: body.note, canary, webhook: body.webhook, patienceMs: 0, applyAt }
  return reread(scope, await begin(scope, route, seen, wish))
}
