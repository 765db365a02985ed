import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { missing, Problem } from '@/lib/shared/problem'
import { toWireOrNull } from '@/lib/shared/time'
import type { ResolveBody } from '../contract/decision'
import { overrideWrites } from '../receipts/override-writes'
import { stillOpen, whyNotApprove } from './may-resolve'
import { presentDecision } from './present'
import { type Outcome, outcomeAudits, outcomeWrites } from './settle-decision'
import { type DecisionRow, findDecision } from './store'
import { decisionToken, hashOfToken } from './token'

export const mustFind = async (scope: Scope, id: string): Promise<DecisionRow> => {
  const row = await findDecision(scope.db, id.toLowerCase())
  return row !== null && isInReach(scope, row) ? row : missing('decision', id)
}

// A run may wait for several; what is approved first must still be worth something when the last one is decided.
const grantUntil = (row: DecisionRow, now: Date): Date => {
  const ttl = kernel().env.CLASPER_DECISION_TOKEN_TTL_SECONDS * 1000
  const from = row.adapterId === null && row.expiresAt !== null && row.expiresAt > now ? row.expiresAt : now
  return dateOf(from.getTime() + ttl)
}

// The token ends with a whole second, as tokens do.
const wholeSeconds = (at: Date): Date => dateOf(Math.floor(at.getTime() / 1000) * 1000)

type Grant = { expiresAt: Date; token: string | null; jti: string | null }

const grantFor = (row: DecisionRow, now: Date): Grant => {
  const expiresAt = grantUntil(row, now)
  if (row.adapterId === null) return { expiresAt, token: null, jti: null }
  const jti = uuidv7(now.getTime())
  return { expiresAt, jti, token: decisionToken(row, { jti, issuedAt: wholeSeconds(now), expiresAt }) }
}

/** What settles a decision, whoever makes it: a person here, or the backend that asked one of its own. */
export type Settler = { by: string; byId: string | null }

export const outcomeFor = (
  row: DecisionRow,
  settler: Settler,
  { action, justification, override_reason_code: reason }: ResolveBody,
  now: Date,
): { outcome: Outcome; token: string | null } => {
  const said = { action, justification, ...(reason === undefined ? {} : { reason_code: reason }) }
  const who = { by: settler.by, byId: settler.byId }
  if (action === 'deny')
    return {
      token: null,
      outcome: { ...who, status: 'denied', resolution: said, tokenHash: null, expiresAt: row.expiresAt },
    }
  const { expiresAt, token, jti } = grantFor(row, now)
  const resolution = { ...said, ...(jti === null ? {} : { jti, issued_at: wholeSeconds(now).toISOString() }) }
  const tokenHash = token === null ? null : hashOfToken(token)
  return { token, outcome: { ...who, status: 'approved', resolution, tokenHash, expiresAt } }
}

const overriding = (scope: Scope, row: DecisionRow, body: ResolveBody) => {
  if (body.action !== 'approve_with_override') return { writes: [], audits: [] }
  if (body.override_reason_code === undefined)
    throw new Problem('invalid_request', 'Invalid payload', {
      formErrors: [],
      fieldErrors: { override_reason_code: ['is required to approve with an override'] },
    })
  return overrideWrites(scope, {
    override: { reason_code: body.override_reason_code, justification: body.justification },
    action: 'decision.approve',
    targetId: row.id,
    workspaceId: row.workspaceId,
    ...(row.traceId === null ? {} : { traceId: row.traceId }),
  })
}

// Whoever asked may take it back, never let it pass.
const assertMay = (scope: Scope, row: DecisionRow, { action }: ResolveBody): void => {
  const refused = whyNotApprove(scope, row)
  if (refused && !(action === 'deny' && refused.code === 'own_request')) throw refused
  const over = stillOpen(row, scope.clock.now())
  if (over) throw over
}

const tooLate = async (scope: Scope, id: string): Promise<never> => {
  throw stillOpen(await mustFind(scope, id), scope.clock.now()) ?? new Problem('version_conflict')
}

/** A person's word on an action that waits: once, in time, in the role it needs, and never by who asked for it. */
export const resolveDecision = async (scope: Scope, id: string, body: ResolveBody) => {
  const row = await mustFind(scope, id)
  assertMay(scope, row, body)
  const settler = { by: scope.actor, byId: scope.identity.userId }
  const { outcome, token } = outcomeFor(row, settler, body, scope.clock.now())
  const receipt = overriding(scope, row, body)
  const { applied } = await scope.command({
    audit: [...outcomeAudits(row, outcome), ...receipt.audits],
    writes: [...(await outcomeWrites(scope, row, outcome)), ...receipt.writes],
  })
  if (!applied) return tooLate(scope, row.id)
  kernel().bus.emit('job-queued', {})
  return {
    decision: presentDecision(scope, await mustFind(scope, row.id)),
    ...(token === null ? {} : { decision_token: token }),
    expires_at: toWireOrNull(outcome.expiresAt),
  }
}
