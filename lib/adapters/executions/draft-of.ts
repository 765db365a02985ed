import type { Scope } from '@/lib/core/scope'
import { actionHashOf, type NewDecision } from '@/lib/governance'
import type { ExecutionBody } from '../contract/execution'
import type { CurrentAdapter } from '../current-adapter'
import type { Bounds } from './grant'
import type { Judgement } from './judge-execution'

export type Place = { workspaceId: string; environment: string }

// Not part of what is asked: who asks, which the token says; an address to call; a word that nobody listens to.
const asked = ({ tenant_id: _, workspace_id: __, ...wish }: ExecutionBody) => {
  const { adapter_id: ___, callback_url: ____, override: _____, execution_id: ______, ...rest } = wish
  return rest
}

/** The exact thing that an approval would stand for: this request of this agent under this id, and no other. */
export const actionOf = (adapter: CurrentAdapter, body: ExecutionBody, place: Place, executionId: string) => ({
  tool: null,
  kind: 'execution',
  arguments: asked(body),
  ...place,
  adapter: adapter.id,
  execution: executionId,
})

export const requestHashOf = (...parts: Parameters<typeof actionOf>): string => actionHashOf(actionOf(...parts))

type Drafting = {
  id: string
  executionId: string
  adapter: CurrentAdapter
  body: ExecutionBody
  place: Place
  judged: Judgement
  bounds: Bounds
  traceId: string | null
}

export const draftOf = (scope: Scope, drafting: Drafting): NewDecision => {
  const { id, executionId, adapter, body, place, judged, bounds, traceId } = drafting
  const action = actionOf(adapter, body, place, executionId)
  return {
    id,
    origin: 'execution',
    subject: 'execution',
    traceId,
    executionId,
    adapterId: adapter.id,
    ...place,
    action,
    actionHash: actionHashOf(action),
    // As it was asked, so that it can be asked again.
    facts: judged.question,
    verdict: judged.verdict,
    risk: { score: judged.risk.score, level: judged.risk.level },
    cost: judged.cost,
    requestedBy: scope.actor,
    requestedById: scope.identity.userId,
    grantedScope: judged.effect === 'deny' ? null : bounds,
    callbackUrl: body.callback_url ?? null,
  }
}
