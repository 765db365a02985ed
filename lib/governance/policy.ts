import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { MicroUsd } from '@/lib/shared/money'

export type PolicyEffect = 'allow' | 'deny' | 'require_approval'

export type PolicyQuestion = {
  subject: 'tool' | 'run' | 'model'
  tool?: string
  model?: string
  role: string | null
  workspaceId: string
  environment: string
  riskLevel?: string
  estimatedCost?: MicroUsd
  arguments?: Readonly<Record<string, unknown>>
}

export type PolicyDecision = { decision: PolicyEffect; matchedPolicies: readonly string[]; explanation: string }

// A rule as it is asked: where it comes from and how its conditions are written is not decided here.
export type PolicyRule = {
  id: string
  effect: PolicyEffect
  precedence: number
  // Workspace and environment 3, environment 2, else 1.
  specificity: 1 | 2 | 3
  explanation?: string
  applies: (question: PolicyQuestion) => boolean
}

type Mode = 'permissive' | 'guarded' | 'strict'

const SEVERITY: Readonly<Record<PolicyEffect, number>> = { deny: 2, require_approval: 1, allow: 0 }

const stronger = (a: PolicyRule, b: PolicyRule): number =>
  b.precedence - a.precedence || b.specificity - a.specificity || SEVERITY[b.effect] - SEVERITY[a.effect]

// Tools of a run must be granted before a policy is asked, so silence allows them unless nothing may pass unsaid.
const unmatched = ({ subject, tool }: PolicyQuestion, mode: Mode): PolicyDecision => {
  const what = subject === 'tool' ? `the tool ${tool ?? ''}`.trimEnd() : `this ${subject}`
  return mode === 'strict' && subject === 'tool'
    ? { decision: 'deny', matchedPolicies: [], explanation: `No policy speaks of ${what}, and the mode is strict` }
    : { decision: 'allow', matchedPolicies: [], explanation: `No policy speaks of ${what}` }
}

export const weigh = (rules: readonly PolicyRule[], question: PolicyQuestion, mode: Mode): PolicyDecision => {
  const matching = rules.filter((rule) => rule.applies(question)).sort(stronger)
  const [winner] = matching
  if (!winner) return unmatched(question, mode)
  return {
    decision: winner.effect,
    matchedPolicies: matching.map(({ id }) => id),
    explanation: winner.explanation ?? `Policy ${winner.id} says ${winner.effect}`,
  }
}

type Rules = (scope: Scope, question: PolicyQuestion) => Promise<readonly PolicyRule[]>

const noRules: Rules = async () => []

// Every tool call of a run is asked here. A store of policies takes the place of `noRules`.
export const decide = async (scope: Scope, question: PolicyQuestion, rulesFor = noRules): Promise<PolicyDecision> =>
  weigh(await rulesFor(scope, question), question, kernel().env.CLASPER_MODE)
