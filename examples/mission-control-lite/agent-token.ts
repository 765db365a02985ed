import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { jwtVerify } from 'jose'
import { z } from 'zod'
import { Refusal } from './refusal'

// Who asks: every row is read and written for exactly this person in exactly this tenant.
export type Caller = { tenantId: string; userId: string; role: string }

const Claims = z.object({
  type: z.literal('agent'),
  user_id: z.string().min(1),
  agent_role: z.string().min(1),
  tenant_id: z.string().min(1).default('default'),
})

const SKEW_SECONDS = 30

const refuse = (message: string): never => {
  throw new Refusal(401, message, 'invalid_token')
}

const header = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

export const callerOf = async (request: IncomingMessage, secret: string): Promise<Caller> => {
  const token = header(request, 'x-agent-token')
  if (token === '') return refuse('X-Agent-Token is required')
  if (secret === '') return refuse('This backend has no AGENT_JWT_SECRET, so it trusts no token')
  const checked = await jwtVerify(token, new TextEncoder().encode(secret), {
    algorithms: ['HS256', 'HS384', 'HS512'],
    requiredClaims: ['exp'],
    clockTolerance: SKEW_SECONDS,
  }).catch(() => refuse('The agent token is not valid'))
  const claims = Claims.safeParse(checked.payload)
  if (!claims.success) return refuse('The agent token lacks type, user_id or agent_role')
  return { tenantId: claims.data.tenant_id, userId: claims.data.user_id, role: claims.data.agent_role }
}

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

// The dispatcher serves all users, so it shows another secret.
export const requireInternal = (request: IncomingMessage, expected: string): void => {
  if (expected === '' || !isSame(header(request, 'x-internal-token'), expected))
    throw new Refusal(401, 'X-Internal-Token is required and must be right', 'invalid_token')
}
