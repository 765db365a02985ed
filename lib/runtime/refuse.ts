import type { Scope } from '@/lib/core/scope'
import { type Charge, chargeWrites, type Reservation, refusalOf } from '@/lib/governance'
import { costOf, type ModelRef, priceOf, toldPrice } from '@/lib/providers'
import { NO_USAGE } from '@/lib/shared/chat'
import { uuidv7 } from '@/lib/shared/id'
import { EMBEDDER } from './grant'
import type { Place } from './place'

type Refused = {
  kind: string
  place: Place
  model: ModelRef
  embedding?: { model: string; input_tokens: number }
}

// Money says no: nothing was begun, and that is all there is of it.
export const refuse = async (scope: Scope, plan: Refused, amount: Reservation['amount']): Promise<never> => {
  const problem = await refusalOf(scope, { ...plan.place, amount })
  const data = { ...problem.details, code: problem.code, kind: plan.kind, model: plan.model.name }
  await scope.command({
    audit: [{ event: 'budget_exceeded', workspaceId: plan.place.workspaceId, data }],
    writes: chargeWrites(scope, ...spentBefore(scope, plan)),
  })
  throw problem
}

// What was asked for before anything could be held is spent also where the run itself is refused.
const spentBefore = (scope: Scope, { embedding, place, kind }: Refused): Charge[] => {
  if (!embedding || embedding.input_tokens === 0) return []
  const model = { provider: EMBEDDER, id: embedding.model }
  const usage = { ...NO_USAGE, input: embedding.input_tokens }
  const price = priceOf(model)
  const { workspaceId, environment, role, userId } = place
  const who = { workspaceId, environment, role, userId, traceId: null, adapterId: null }
  const what = { kind, provider: model.provider, model: model.id, usage, cost: costOf(price, usage) }
  return [{ id: uuidv7(scope.clock.now().getTime()), ...who, ...what, priceVersion: toldPrice(price, usage) }]
}
