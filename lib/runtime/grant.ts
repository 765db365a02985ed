import type { Scope } from '@/lib/core/scope'

export const cappedTokens = ({ identity }: Scope, tokens: number): number =>
  Math.min(tokens, identity.maxTokens ?? tokens)

export const isWithinGrant = ({ identity }: Scope, amount: number): boolean =>
  identity.budgetRemaining === undefined || amount <= identity.budgetRemaining
