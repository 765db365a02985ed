import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { budgetOf, refusalOf } from '@/lib/governance'
import { costOf, type ModelRef, priceOf } from '@/lib/providers'
import { boundTokens, NO_USAGE } from '@/lib/shared/chat'
import { plus } from '@/lib/shared/money'
import type { RunRequest } from './request'

const spendsBefore = ({ metadata, promptOverride }: RunRequest): boolean => {
  const { env } = kernel()
  const isSmart = env.CLASPER_SMART_CONTEXT && env.CLASPER_EMBEDDING_PROVIDER !== 'none'
  return isSmart && promptOverride === undefined && metadata.skipSmartContext !== true
}

// Embeddings are asked for before anything can be held. A budget that has no room even for the message is refused
// before them, so that refused runs spend nothing.
export const assertRoom = async (scope: Scope, request: RunRequest, model: ModelRef, output: number): Promise<void> => {
  if (!spendsBefore(request)) return
  const least = costOf(priceOf(model), { ...NO_USAGE, input: boundTokens(request.message), output })
  const budget = await budgetOf(scope)
  if (!budget?.isHard || plus(budget.spent, budget.reserved, least) <= budget.limit) return
  throw await refusalOf(scope, least)
}
