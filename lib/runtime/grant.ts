import type { Scope } from '@/lib/core/scope'

// Whoever is asked for embeddings.
export const EMBEDDER = 'openai'

export const cappedTokens = ({ identity }: Scope, tokens: number): number =>
  Math.min(tokens, identity.maxTokens ?? tokens)

export const isWithinGrant = ({ identity }: Scope, amount: number): boolean =>
  identity.budgetRemaining === undefined || amount <= identity.budgetRemaining
