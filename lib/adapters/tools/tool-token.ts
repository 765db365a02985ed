import { createHash, createHmac } from 'node:crypto'
import { z } from 'zod'
import { secretsKey, signClaims, verifyClaims } from '@/lib/auth'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { stableJson } from '@/lib/shared/stable-json'
import { ToolScope } from '../contract/tool'

const LIFE_SECONDS = 30

export const hashOf = (value: unknown): string =>
  `sha256:${createHash('sha256').update(stableJson(value)).digest('hex')}`

export const hashOfToken = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`

const rules = () => {
  const { CLASPER_TOOL_TOKEN_SECRET: given, CLASPER_TOOL_TOKEN_ALGORITHM: algorithm } = kernel().env
  const secret = given || createHmac('sha256', secretsKey()).update('tool-token').digest('base64url')
  return { secret, algorithm }
}

const text = z.string().min(1)

export const ToolClaims = z.object({
  typ: z.literal('tool_auth'),
  tenant_id: text,
  workspace_id: text,
  adapter_id: text,
  execution_id: text,
  tool: text,
  scope: ToolScope,
  scope_hash: text,
  // Of what the tool will be called with, where that was told.
  arguments_hash: text.optional(),
  jti: text,
})
export type ToolClaims = z.output<typeof ToolClaims>

/** For one call of one tool, within the half minute. */
export const mintToolToken = (
  claims: Omit<ToolClaims, 'typ' | 'scope_hash'>,
  now: Date,
): { token: string; expiresAt: Date } => {
  const issued = Math.floor(now.getTime() / 1000)
  const payload = {
    typ: 'tool_auth',
    ...claims,
    scope_hash: hashOf(claims.scope),
    iat: issued,
    exp: issued + LIFE_SECONDS,
  }
  return { token: signClaims(payload, rules()), expiresAt: dateOf((issued + LIFE_SECONDS) * 1000) }
}

/** What the token says, or null where it was not made here. Whether it is in time, and unused, its row knows. */
export const readToolToken = async (token: string): Promise<ToolClaims | null> => {
  const payload = await verifyClaims(token, rules(), kernel().clock)
  const claims = ToolClaims.safeParse(payload)
  return claims.success && claims.data.scope_hash === hashOf(claims.data.scope) ? claims.data : null
}
