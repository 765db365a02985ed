import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { type AgentClaims, issueAgentToken } from './hmac-token'

const rules = () => {
  const { AGENT_JWT_SECRET: secret, AGENT_JWT_ALGORITHM: algorithm } = kernel().env
  return { secret, algorithm }
}

// For the command line, which has no scope.
export const mintAgentToken = (claims: AgentClaims): Promise<string> => issueAgentToken(claims, rules(), kernel().clock)

// What a run shows to the backend: who is served, in which role, in which tenant.
export const agentToken = (scope: Scope, who: { userId: string; role: string }): Promise<string> =>
  issueAgentToken({ userId: who.userId, agentRole: who.role, tenantId: scope.tenantId }, rules(), scope.clock)
