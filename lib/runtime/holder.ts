import type { Scope } from '@/lib/core/scope'
import { boundCost, costOf, priceOf } from '@/lib/providers'
import { NO_USAGE } from '@/lib/shared/chat'
import { type MicroUsd, NOTHING, plus, usdOf } from '@/lib/shared/money'
import { Problem } from '@/lib/shared/problem'
import { homeOf } from '@/lib/workspace'
import { promptTokensOf, type Question } from './ask-model'
import { EMBEDDER, isWithinGrant } from './grant'
import { placeOf } from './place'

type Wish = { userId: string | undefined; role?: string }

// A token that was made for one user, in one role, cannot speak for another.
export const actingUser = ({ identity }: Scope, { userId, role }: Wish): string | null => {
  const holder = identity.plane === 'service' ? identity.userId : null
  if (holder !== null && userId !== undefined && userId !== holder)
    throw new Problem('user_mismatch', 'user_id does not match the token')
  const { agentRole } = identity
  if (agentRole !== undefined && role !== undefined && role !== agentRole)
    throw new Problem('permission_denied', 'The token is made for another role.', { role, allowed_role: agentRole })
  return userId ?? identity.userId
}

// The same for calls without an agent, whose workspace has to exist too.
export const actingAlone = async (scope: Scope, userId: string | undefined): Promise<string | null> => {
  const user = actingUser(scope, { userId })
  const { workspaceId } = placeOf(scope, { userId: user, role: null, sessionKey: null })
  await homeOf(scope, workspaceId)
  return user
}

export const boundOf = (question: Question): MicroUsd =>
  boundCost(priceOf(question.model), promptTokensOf(question), question.maxTokens)

type Spent = { model: string; input_tokens: number }

const costOfEmbedding = (spent: Spent | undefined): MicroUsd =>
  spent === undefined
    ? NOTHING
    : costOf(priceOf({ provider: EMBEDDER, id: spent.model }), { ...NO_USAGE, input: spent.input_tokens })

// What a token has left bounds a run before the budget of its tenant does. What finding the skills has cost counts.
export const assertWithinGrant = (
  scope: Scope,
  question: Question,
  workspaceId?: string,
  embedding?: Spent,
): Promise<void> =>
  assertAmountWithinGrant(
    scope,
    plus(costOfEmbedding(embedding), boundOf(question)),
    question.model.name,
    workspaceId ?? scope.workspaceId,
  )

export const assertAmountWithinGrant = async (
  scope: Scope,
  amount: MicroUsd,
  model: string,
  place: string | undefined,
): Promise<void> => {
  if (isWithinGrant(scope, amount)) return
  const details = {
    scope: 'token',
    remaining_usd: usdOf(scope.identity.budgetRemaining ?? 0),
    estimated_cost: usdOf(amount),
  }
  const data = { ...details, code: 'request_exceeds_budget', model }
  await scope.command({ audit: [{ event: 'budget_exceeded', data, ...(place ? { workspaceId: place } : {}) }] })
  throw new Problem('request_exceeds_budget', undefined, details, { body: { reason: 'budget_exceeded' } })
}
