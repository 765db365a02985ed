import type { JWTPayload } from 'jose'
import type { Identity } from '@/lib/core/scope'
import { type MicroUsd, microUsd } from '@/lib/shared/money'

// What a tenant token narrows its holder to; absent means that the tenant's own settings decide.
export type TokenGrants = Pick<
  Identity,
  'allowedTools' | 'allowedModels' | 'allowedSkills' | 'agentRole' | 'maxTokens' | 'budgetRemaining'
>

const MOST = 500
const MOST_USD = 1_000_000_000
const MICRO = 1_000_000

const UNREADABLE = Symbol('unreadable')
type Read<T> = T | undefined | typeof UNREADABLE

const listOf = (claim: unknown): Read<string[]> => {
  if (claim === undefined) return undefined
  const parts = typeof claim === 'string' ? claim.split(/[\s,]+/) : claim
  if (!Array.isArray(parts) || parts.length > MOST || !parts.every((part) => typeof part === 'string'))
    return UNREADABLE
  return parts.map((part: string) => part.trim()).filter((part) => part !== '')
}

const toolsOf = (claim: unknown): Read<readonly string[] | '*'> => {
  const list = listOf(claim)
  return Array.isArray(list) && list.includes('*') ? '*' : list
}

const unlessOpen = (claim: unknown): Read<readonly string[]> => {
  const list = listOf(claim)
  return Array.isArray(list) && (list.length === 0 || list.includes('*')) ? undefined : list
}

const textOf = (claim: unknown): Read<string> =>
  claim === undefined || claim === '' || typeof claim === 'string' ? claim || undefined : UNREADABLE

const countOf = (claim: unknown): Read<number> =>
  claim === undefined || (typeof claim === 'number' && Number.isSafeInteger(claim) && claim > 0) ? claim : UNREADABLE

// Dollars. Whoever has overspent has nothing left.
const moneyOf = (claim: unknown): Read<MicroUsd> => {
  if (claim === undefined) return undefined
  if (typeof claim !== 'number' || !Number.isFinite(claim)) return UNREADABLE
  return microUsd(Math.floor(Math.min(MOST_USD, Math.max(0, claim)) * MICRO))
}

// An empty list of tools permits none, an empty list of models or skills restricts nothing. Null: a claim that cannot
// be read.
export const tokenGrants = (payload: JWTPayload): TokenGrants | null => {
  const claims = {
    allowedTools: toolsOf(payload['allowed_tools']),
    allowedModels: unlessOpen(payload['allowed_models']),
    allowedSkills: unlessOpen(payload['allowed_skills']),
    agentRole: textOf(payload['agent_role']),
    maxTokens: countOf(payload['max_tokens']),
    budgetRemaining: moneyOf(payload['budget_remaining']),
  }
  const values = Object.values(claims)
  if (values.includes(UNREADABLE)) return null
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)) as TokenGrants
}
