import type { CommandWrite } from '@/lib/core/writer'
import { actionHashOf, decisionWrites, type NewDecision, policyAudits } from '@/lib/governance'
import type { Judgement } from '@/lib/tools'
import type { Run } from './run'
import { actionOf, decisionsOf } from './tool-decisions'

// A call that a person has to approve: done later, under the decision's own id as its key.
export type Waiting = { judgement: Judgement; decision: NewDecision }

export const waitingOf = (run: Run, judgement: Judgement): Waiting => {
  const [decision] = decisionsOf(run, [judgement])
  if (!decision) throw new Error('Nothing is waited for without a decision')
  return { judgement, decision }
}

/** Of the action as it is about to be done. `key` is the one that the call was judged under first. */
export const actionHashFor = (run: Run, judgement: Judgement, key: string): string =>
  actionHashOf(actionOf(run, { ...judgement, key }))

const noteJudgement = (run: Run, { decision, decisionId, tool }: Judgement): void => {
  if (!decision) return
  const about = { decision_id: decisionId ?? null, tool, subject: 'tool' }
  for (const audit of policyAudits(decision, about)) run.audit(audit)
}

/** Every answer of the policies about these calls, in the flush before any of them is done. */
export const judgementWrites = (run: Run, judged: readonly Judgement[]): CommandWrite[] => {
  if (run.replay === null) for (const one of judged) noteJudgement(run, one)
  return decisionWrites(run.scope, decisionsOf(run, judged))
}
