import { actionHashOf, type NewDecision } from '@/lib/governance'
import type { Judgement } from '@/lib/tools'
import type { Run } from './run'

// The exact thing that is decided about: the call under its own key, in this run and no other.
export const actionOf = (run: Run, { tool, call, key }: Judgement) => ({
  tool,
  arguments: call.arguments ?? {},
  workspaceId: run.place.workspaceId,
  environment: run.place.environment,
  key,
})

const draftOf = (run: Run, judged: Judgement): NewDecision[] => {
  const { decision, decisionId, question, tool, call } = judged
  if (!decision || !decisionId || !question) return []
  const action = actionOf(run, judged)
  return [
    {
      id: decisionId,
      origin: 'tool',
      subject: question.subject,
      traceId: run.traceId,
      executionId: run.executionId,
      workspaceId: run.place.workspaceId,
      environment: run.place.environment,
      agentRole: run.place.role,
      userId: run.place.userId,
      tool,
      toolCallId: call.id.slice(0, 200),
      action,
      actionHash: actionHashOf(action),
      // As it was asked, so that it can be asked again.
      facts: question,
      verdict: decision,
      risk: run.risk,
      cost: question.estimatedCost ?? null,
      requestedBy: run.scope.actor,
      requestedById: run.scope.identity.userId,
    },
  ]
}

/** Every answer that a policy gave about these calls. A replay that asks nobody leaves none. */
export const decisionsOf = (run: Run, judged: readonly Judgement[]): NewDecision[] =>
  run.replay === null || run.replay.mode === 'live' ? judged.flatMap((one) => draftOf(run, one)) : []
