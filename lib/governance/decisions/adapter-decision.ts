import { dateOf } from '@/lib/core/clock'
import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { toWireOrNull } from '@/lib/shared/time'
import type { AdapterDecision } from '../contract/decision'
import { consumeDecision } from './consume-decision'
import { effectiveStatus } from './may-resolve'
import { grantedScopeOf, resolutionOf } from './present'
import { type DecisionRow, findDecision } from './store'
import { decisionToken, hashOfToken } from './token'

const agentOf = ({ identity }: Scope): string => {
  if (identity.adapter) return identity.adapter.id
  throw new Problem('permission_denied', 'Only an external agent can ask this.')
}

const mustBeOwn = async (scope: Scope, id: string): Promise<DecisionRow> => {
  const row = await findDecision(scope.db, id.toLowerCase())
  const isOwn = row !== null && row.adapterId === agentOf(scope) && isInReach(scope, row)
  return isOwn ? row : missing('decision', id)
}

// Only the hash is kept: the token is made again of the same facts, and given out while it can be used.
const tokenOf = (row: DecisionRow): { decision_token?: string } => {
  const { jti, issued_at: issued } = row.resolution as { jti?: string; issued_at?: string }
  if (jti === undefined || issued === undefined || row.expiresAt === null || row.usedAt !== null) return {}
  const token = decisionToken(row, { jti, issuedAt: dateOf(issued), expiresAt: row.expiresAt })
  return hashOfToken(token) === row.tokenHash ? { decision_token: token } : {}
}

/** What an agent that runs elsewhere may know of the decision it waits for. Another agent's is not there. */
export const decisionForAdapter = async (scope: Scope, id: string): Promise<AdapterDecision> => {
  const row = await mustBeOwn(scope, id)
  const status = effectiveStatus(row, scope.clock.now()) as AdapterDecision['status']
  return {
    decision_id: row.id,
    status,
    required_role: row.requiredRole,
    expires_at: toWireOrNull(row.expiresAt),
    ...(status === 'approved' ? tokenOf(row) : {}),
    granted_scope: status === 'approved' || status === 'allow' ? grantedScopeOf(row) : null,
    resolution: resolutionOf(row),
    decision_token_used_at: toWireOrNull(row.usedAt),
  }
}

const assertUsable = (row: DecisionRow, token: string, now: Date): void => {
  if (row.tokenHash === null || hashOfToken(token) !== row.tokenHash)
    throw new Problem('invalid_token', 'The token does not belong to this decision.')
  if (row.usedAt !== null) throw new Problem('already_consumed')
  if (effectiveStatus(row, now) === 'approved') return
  throw new Problem('invalid_token', 'The approval can no longer be used.')
}

/** The one use of an approval by the agent it was given to. */
export const consumeForAdapter = async (
  scope: Scope,
  { id, token }: { id: string; token: string | null },
): Promise<{ status: 'ok' }> => {
  const row = await mustBeOwn(scope, id)
  if (token === null || token === '') throw new Problem('invalid_request', 'X-Decision-Token is required.')
  assertUsable(row, token, scope.clock.now())
  const use = { id: row.id, actionHash: row.actionHash, token, adapterId: agentOf(scope), by: scope.actor }
  if (await consumeDecision(scope, use)) return { status: 'ok' }
  throw new Problem('already_consumed')
}
