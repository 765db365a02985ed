import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { budgetsOf, refusalAmong, refusalOf } from '@/lib/governance'
import { boundCost, type ModelRef, priceOf } from '@/lib/providers'
import { boundTokens } from '@/lib/shared/chat'
import { assertAmountWithinGrant } from './holder'
import type { RunRequest } from './request'
import type { SettledRequest } from './settle'

const spendsBefore = ({ metadata, promptOverride }: RunRequest): boolean => {
  const { env } = kernel()
  const isSmart = env.CLASPER_SMART_CONTEXT && env.CLASPER_EMBEDDING_PROVIDER !== 'none'
  return isSmart && promptOverride === undefined && metadata.skipSmartContext !== true
}

// Embeddings are asked for before anything can be held. Where a budget, or the caller's token, has no room even for the
// message, the run is refused before them, so that refused runs spend nothing.
export const assertRoom = async (
  scope: Scope,
  request: SettledRequest,
  model: ModelRef,
  output: number,
): Promise<void> => {
  if (!spendsBefore(request)) return
  const least = boundCost(priceOf(model), boundTokens(request.message), output)
  await assertAmountWithinGrant(scope, least, model.name, request.place.workspaceId)
  const budgets = await budgetsOf(scope, request.place)
  if (refusalAmong(budgets, least, scope.clock.now())) throw await refusalOf(scope, { ...request.place, amount: least })
}
