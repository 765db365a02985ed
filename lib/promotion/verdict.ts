import type { MutateDb, ReadDb, Scope } from '@/lib/core/scope'
import { ROLES, type Role, rolesWith } from '@/lib/shared/rbac'
import { subjectHash } from './candidate'
import { checkOf, type Finding, fail, pass } from './checks/check'
import { lockFinding } from './checks/place-checks'
import type { ApprovalView, Check } from './contract'
import { isTargetLocked } from './route-state'
import { type ApprovalRow, lastSessions, type PromotionRow } from './store'
import { askersOf, beforeIn, candidateIn, checksIn, gatesOf } from './stored'

type Db = ReadDb | MutateDb

export const routeOf = ({ workspaceId, sourceEnv, targetEnv }: PromotionRow) => ({ workspaceId, sourceEnv, targetEnv })

/** What approvals bind; null as long as there is no evidence to look at. */
export const bindingHash = (row: PromotionRow): string | null =>
  row.evidenceHash === null
    ? null
    : subjectHash(
        {
          id: row.id,
          route: routeOf(row),
          next: candidateIn(row).next,
          before: beforeIn(row),
          revision: row.targetRevision,
        },
        row.evidenceHash,
      )

const roleIn = (roles: unknown): Role | null =>
  Array.isArray(roles) ? (ROLES.findLast((role) => roles.includes(role)) ?? null) : null

const isAtLeast = (role: Role | null, needed: Role): boolean =>
  role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed)

export const mayApproveAs = (role: Role | null, needed: Role): boolean =>
  isAtLeast(role, needed) && role !== null && rolesWith('workspace:promote').includes(role)

type Session = { roles: unknown; workspaceId: string | null; revokeReason: string | null } | undefined

// Whose provider says that they are nobody here any more, as against those who have just left.
const TURNED_AWAY: readonly (string | null)[] = ['idp_rejected', 'no_role']

// Who is known by a session is what it says now; who came by a token alone is what was seen then.
const lapsed = (row: PromotionRow, session: Session): string | null => {
  if (session === undefined) return null
  const { role } = gatesOf(row).gate.approvals
  if (TURNED_AWAY.includes(session.revokeReason)) return 'The person has no access any more.'
  if (!mayApproveAs(roleIn(session.roles), role)) return 'The role that it took is not held any more.'
  return session.workspaceId === null || session.workspaceId === row.workspaceId
    ? null
    : 'The workspace is out of reach by now.'
}

const whyNot = (row: PromotionRow, approval: ApprovalRow, session: Session): string | null => {
  const { from } = gatesOf(row).gate.approvals
  if (approval.candidateHash !== bindingHash(row)) return 'It was given for another candidate or other evidence.'
  if (askersOf(row).includes(approval.userId)) return 'Whoever asked does not count.'
  if (from !== null && !from.includes(approval.userId)) return 'The gate names other people.'
  return lapsed(row, session)
}

export type Approvals = { required: number; given: number; items: ApprovalView[] }

export const approvalsOf = async (db: Db, row: PromotionRow): Promise<Approvals> => {
  const { gate, asksApproval } = gatesOf(row)
  const required = Math.max(gate.approvals.required, asksApproval ? 1 : 0)
  const sessions =
    row.approvals.length === 0
      ? new Map()
      : await lastSessions(
          db,
          row.approvals.map(({ userId }) => userId),
        )
  const items = row.approvals.map((approval): ApprovalView => {
    const why = whyNot(row, approval, sessions.get(approval.userId))
    return {
      user_id: approval.userId,
      name: approval.userName,
      decision: approval.decision === 'reject' ? 'reject' : 'approve',
      comment: approval.comment,
      decided_at: approval.decidedAt.toISOString(),
      counts: why === null,
      why_not: why,
    }
  })
  return { required, given: items.filter(({ counts, decision }) => counts && decision === 'approve').length, items }
}

const approvalFinding = (row: PromotionRow, { required, given, items }: Approvals): Finding => {
  const { from, role } = gatesOf(row).gate.approvals
  const by = items.filter(({ counts }) => counts).map(({ user_id }) => user_id)
  const evidence = { required, given, from, role, by, candidate_hash: bindingHash(row) }
  if (given < required) return fail(`${given} of ${required} approvals are given.`, evidence)
  return pass(required === 0 ? 'No approval is asked for.' : `${given} of ${required} approvals are given.`, evidence)
}

const soakFinding = (row: PromotionRow, now: Date): Finding => {
  const minutes = gatesOf(row).gate.soak_minutes
  const until = row.soakUntil
  const evidence = { soak_minutes: minutes, soak_until: until?.toISOString() ?? null }
  if (minutes === 0) return pass('No soak time is asked for.', evidence)
  if (until === null || now < until)
    return fail(`It soaks until ${until?.toISOString() ?? 'its checks are done'}.`, evidence)
  return pass(`It has soaked since ${row.checkedAt?.toISOString() ?? ''}.`, evidence)
}

const HOUR_MS = 3_600_000

const freshFinding = (row: PromotionRow, now: Date): Finding => {
  const hours = gatesOf(row).gate.evidence_hours
  const age = row.checkedAt === null ? null : (now.getTime() - row.checkedAt.getTime()) / HOUR_MS
  const evidence = { evidence_hours: hours, checked_at: row.checkedAt?.toISOString() ?? null }
  if (age === null) return fail('The checks are not done.', evidence)
  // A clock that was set back says nothing about how old it is.
  if (age > hours || age < -1) return fail(`The evidence is older than ${hours} hours: check it again.`, evidence)
  return pass('The evidence is fresh.', evidence)
}

export type Verdict = { checks: Check[]; failed: Check[]; approvals: Approvals; isLocked: boolean }

const AFTER_SOURCE = 2

/** The checks that were made, and those that only count at the moment in which they are asked. */
export const verdictOf = async (scope: Scope, db: Db, row: PromotionRow): Promise<Verdict> => {
  const now = scope.clock.now()
  const isLocked = await isTargetLocked(db, routeOf(row))
  const approvals = await approvalsOf(db, row)
  const made = checksIn(row).items
  const checks = [
    ...made.slice(0, AFTER_SOURCE),
    checkOf('target_unlocked', lockFinding(row.targetEnv, isLocked)),
    ...made.slice(AFTER_SOURCE),
    checkOf('evidence_fresh', freshFinding(row, now)),
    checkOf('soak_time', soakFinding(row, now)),
    checkOf('approvals', approvalFinding(row, approvals)),
  ]
  return { checks, failed: checks.filter(({ status }) => status === 'fail'), approvals, isLocked }
}
