import type { Scope } from '@/lib/core/scope'
import { type MicroUsd, microUsd } from '@/lib/shared/money'
import type { PolicyDocument } from '../contract/policy-document'
import type { DryRunBody, EvaluateBody, PolicyAnswer } from '../contract/policy-question'
import { askRules } from './decide'
import { type FiledPolicies, hashOf } from './filed'
import { ownDocument } from './may-change'
import { presentAnswer } from './present'
import type { PolicyQuestion } from './question'
import { ruleOf } from './rule'
import { type RuleSet, ruleSetFor } from './rule-set'

const DEFAULT_WORKSPACE = 'default'
const DEFAULT_ENVIRONMENT = 'default'

const subjectOf = ({ tool }: EvaluateBody, adapterId: string | undefined): PolicyQuestion['subject'] =>
  tool !== undefined ? 'tool' : adapterId === undefined ? 'run' : 'execution'

export const dollars = (amount: number): MicroUsd => microUsd(Math.round(amount * 1_000_000))

/** A question as it came in a body. Who asks is not in it: that is known from the credential. */
export const questionIn = (body: EvaluateBody, adapterId: string | undefined): PolicyQuestion => {
  const set = {
    tool: body.tool,
    toolGroup: body.tool_group,
    agentId: body.agent_id,
    userId: body.user_id,
    model: body.model,
    action: body.action,
    resource: body.resource,
    capability: body.capability,
    intent: body.intent,
    skill: body.skill,
    skillState: body.skill_state,
    riskLevel: body.risk_level,
    adapterId,
    adapterRiskClass: body.adapter_risk_class,
    estimatedCost: body.estimated_cost === undefined ? undefined : dollars(body.estimated_cost),
    arguments: body.arguments,
    context: body.context,
    provenance: body.provenance,
  }
  const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined))
  return {
    ...(given as Partial<PolicyQuestion>),
    subject: subjectOf(body, adapterId),
    workspaceId: body.workspace_id ?? DEFAULT_WORKSPACE,
    environment: body.environment ?? DEFAULT_ENVIRONMENT,
    role: body.agent_role ?? null,
  }
}

type Change = { rules?: readonly PolicyDocument[]; without?: readonly string[] }

/** The rules as they would be: new ones take the place of those that have their id. */
export const changedSet = (scope: Scope, set: RuleSet, { rules: documents = [], without = [] }: Change): RuleSet => {
  const own = documents.map((document) => ownDocument(scope, document))
  const gone = new Set([...without, ...own.map(({ policy_id }) => policy_id)])
  const fresh = own.filter(({ enabled }) => enabled !== false).map((document) => ruleOf(document))
  const rules = [...set.rules.filter(({ id }) => !gone.has(id)), ...fresh]
  return { rules, hash: hashOf(rules.map(({ canonical }) => canonical)) }
}

/** What the policies would say. Nothing is stored, and nothing comes of it. */
export const dryRunPolicy = async (scope: Scope, body: DryRunBody, filed: FiledPolicies): Promise<PolicyAnswer> => {
  const set = changedSet(scope, await ruleSetFor(scope, filed), body.drafts === undefined ? {} : { rules: body.drafts })
  const place = { tenantId: scope.tenantId, root: filed.root }
  return presentAnswer(await askRules(set, questionIn(body, body.adapter_id), place))
}
