import type { Scope } from '@/lib/core/scope'
import { actionHashOf, decide, isToolNamed, type PolicyDecision, type PolicyQuestion } from '@/lib/governance'
import { policiesOf } from '@/lib/workspace'
import type { AuthorizeBody, Denial, ToolScope } from '../contract/tool'
import { type CurrentAdapter, higherClass } from '../current-adapter'
import { worseState } from '../executions/risk-of'
import type { ExecutionRow } from '../store'
import { leftOf, scopeFor } from './scope-for'

export type ToolAsked = { adapter: CurrentAdapter; execution: ExecutionRow; body: AuthorizeBody }

export type ToolJudgement = {
  verdict: PolicyDecision
  question: PolicyQuestion
  // Why it is refused whatever the policies say.
  refusal: Denial | null
  scope: ToolScope | null
  action: Parameters<typeof actionHashOf>[0]
  actionHash: string
}

export const questionFor = ({ adapter, execution, body }: ToolAsked): PolicyQuestion => {
  const state = worseState(body.skill_state)
  const capabilities = body.requested_scope?.capabilities ?? []
  return {
    subject: 'tool',
    tool: body.tool,
    workspaceId: execution.workspaceId,
    environment: execution.environment,
    role: null,
    adapterId: adapter.id,
    adapterRiskClass: higherClass(adapter.riskClass, body.adapter_risk_class),
    riskLevel: execution.riskLevel,
    ...(capabilities.length === 0 ? {} : { capability: capabilities }),
    ...(state === undefined ? {} : { skillState: state }),
    ...(body.arguments === undefined ? {} : { arguments: body.arguments }),
  }
}

const isRegistered = ({ tools }: CurrentAdapter, tool: string): boolean =>
  tools.length === 0 || tools.some((name) => isToolNamed(name, tool))

type Bounded = { refusal: Denial | null; scope: ToolScope | null; explanation?: string }

const refused = (refusal: Denial, explanation: string): Bounded => ({ refusal, scope: null, explanation })

const boundsOf = (scope: Scope, { adapter, execution, body }: ToolAsked): Bounded => {
  if (execution.effect === 'pending') return refused('approval_required', 'The execution still waits for a person')
  if (execution.effect !== 'allow') return refused('execution_not_allowed', 'The execution was refused')
  if (execution.expiresAt <= scope.clock.now()) return refused('execution_expired', 'The execution is over')
  if (!isRegistered(adapter, body.tool)) return refused('tool_not_registered', 'The agent did not register this tool')
  const left = leftOf(execution)
  if (left === null) return refused('scope_exhausted', 'The steps or the cost of the execution are used up')
  // What the execution was granted may be more than this token, or the registry by now, still has.
  const capabilities = left.capabilities.filter((name) => adapter.capabilities.has(name))
  const scoped = scopeFor(body.requested_scope, { ...left, capabilities })
  if ('beyond' in scoped)
    return refused(
      'scope_not_allowed',
      `The execution, or its agent by now, was not granted ${scoped.beyond.join(', ').slice(0, 300)}`,
    )
  return { refusal: null, scope: scoped.scope }
}

// The exact thing that an approval stands for: this call, in this execution of this agent, within these bounds.
const actionOf = ({ adapter, execution, body }: ToolAsked) => ({
  tool: body.tool,
  arguments: body.arguments ?? {},
  workspaceId: execution.workspaceId,
  environment: execution.environment,
  adapter: adapter.id,
  execution: execution.id,
  requested_scope: body.requested_scope ?? null,
})

/** What becomes of the wish to use a tool, and why. Nothing is written. */
export const judgeTool = async (scope: Scope, asked: ToolAsked): Promise<ToolJudgement> => {
  const question = questionFor(asked)
  const { workspaceId, environment } = asked.execution
  const said = await decide(scope, question, await policiesOf(scope, workspaceId, { environment }))
  const { refusal, scope: granted, explanation } = boundsOf(scope, asked)
  const action = actionOf(asked)
  const verdict: PolicyDecision =
    refusal === null ? said : { ...said, decision: 'deny', explanation: explanation ?? said.explanation }
  return { verdict, question, refusal, scope: granted, action, actionHash: actionHashOf(action) }
}
