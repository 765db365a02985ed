import { createHmac, randomUUID } from 'node:crypto'
import { type JWTPayload, jwtVerify } from 'jose'
import type { Clock } from '@/lib/core/clock'
import { Problem } from '@/lib/shared/problem'
import { type TokenGrants, tokenGrants } from './token-grants'

type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512'
export type HmacRules = { secret: string; algorithm: HmacAlgorithm }

const SKEW_SECONDS = 30
const AGENT_SECONDS = 2 * 3600

const bytes = (secret: string) => new TextEncoder().encode(secret)

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

export const verifyClaims = async (token: string, rules: HmacRules, clock: Clock): Promise<JWTPayload | null> => {
  try {
    const { payload } = await jwtVerify(token, bytes(rules.secret), {
      algorithms: [rules.algorithm],
      requiredClaims: ['exp'],
      clockTolerance: SKEW_SECONDS,
      currentDate: clock.now(),
    })
    return payload
  } catch {
    return null
  }
}

const configured = (rules: HmacRules, name: string): void => {
  if (rules.secret === '') throw new Problem('not_configured', `${name} is not set.`)
}

export type AgentClaims = { userId: string; agentRole: string; tenantId?: string; agentId?: string }

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

// By hand: each run signs one, and Web Crypto would send each through a thread of its own.
export const signClaims = (claims: object, { secret, algorithm }: HmacRules): string => {
  const text = `${encoded({ alg: algorithm, typ: 'JWT' })}.${encoded(claims)}`
  return `${text}.${createHmac(HASHES[algorithm], secret).update(text).digest('base64url')}`
}

export const issueAgentToken = async (claims: AgentClaims, rules: HmacRules, clock: Clock): Promise<string> => {
  configured(rules, 'AGENT_JWT_SECRET')
  const issued = Math.floor(clock.now().getTime() / 1000)
  const payload = {
    type: 'agent',
    user_id: claims.userId,
    agent_role: claims.agentRole,
    ...(claims.tenantId === undefined ? {} : { tenant_id: claims.tenantId }),
    ...(claims.agentId === undefined ? {} : { agent_id: claims.agentId }),
    sub: `clasper:${claims.agentRole}`,
    jti: randomUUID(),
    iat: issued,
    exp: issued + AGENT_SECONDS,
  }
  return signClaims(payload, rules)
}

// Every refusal is 401 here: the specification knows no 403 for an agent token.
const refuse = (message: string): never => {
  throw new Problem('missing_token', message)
}

export const verifyAgentToken = async (token: string, rules: HmacRules, clock: Clock): Promise<AgentClaims> => {
  configured(rules, 'AGENT_JWT_SECRET')
  const payload = (await verifyClaims(token, rules, clock)) ?? refuse('The agent token is not valid.')
  if (payload['type'] !== 'agent') return refuse('The token is not an agent token.')
  const userId = text(payload['user_id']) ?? refuse('The agent token lacks user_id.')
  const agentRole = text(payload['agent_role']) ?? refuse('The agent token lacks agent_role.')
  const tenantId = text(payload['tenant_id'])
  const agentId = text(payload['agent_id'])
  return { userId, agentRole, ...(tenantId ? { tenantId } : {}), ...(agentId ? { agentId } : {}) }
}

export type TenantClaims = {
  tenantId: string
  workspaceId: string
  userId: string
  tokenId: string | null
  grants?: TokenGrants
}

const DEFAULT_WORKSPACE = 'default'

const refuseTenantToken = (message: string): never => {
  throw new Problem('missing_credentials', message)
}

export const verifyTenantToken = async (token: string, rules: HmacRules, clock: Clock): Promise<TenantClaims> => {
  if (rules.secret === '') return refuseTenantToken('Tenant tokens are not accepted here.')
  const payload = (await verifyClaims(token, rules, clock)) ?? refuseTenantToken('The tenant token is not valid.')
  if (payload['type'] === 'agent') return refuseTenantToken('An agent token is not a tenant token.')
  const tenantId =
    text(payload['tenant_id']) ?? text(payload['tid']) ?? refuseTenantToken('The tenant token lacks tenant_id.')
  return {
    tenantId,
    workspaceId: text(payload['workspace_id']) ?? text(payload['wid']) ?? DEFAULT_WORKSPACE,
    userId: text(payload['user_id']) ?? text(payload.sub) ?? refuseTenantToken('The tenant token lacks user_id.'),
    tokenId: text(payload.jti) ?? null,
    grants: tokenGrants(payload) ?? refuseTenantToken('A claim of the tenant token cannot be read.'),
  }
}
