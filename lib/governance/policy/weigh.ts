import type { PolicyDecision, PolicyEffect, PolicyQuestion } from './question'

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

const said = (decision: PolicyEffect, explanation: string): PolicyDecision => ({
  decision,
  matchedPolicies: [],
  policyId: null,
  explanation,
  trace: [],
  policyHash: '',
  isFallback: false,
})

// Tools of a run must be granted before a policy is asked, so silence allows them unless nothing may pass unsaid.
const unmatched = ({ subject, tool }: PolicyQuestion, mode: Mode): PolicyDecision => {
  const what = subject === 'tool' ? `the tool ${tool ?? ''}`.trimEnd() : `this ${subject}`
  return mode === 'strict' && subject === 'tool'
    ? said('deny', `No policy speaks of ${what}, and the mode is strict`)
    : said('allow', `No policy speaks of ${what}`)
}

export const weigh = (rules: readonly PolicyRule[], question: PolicyQuestion, mode: Mode): PolicyDecision => {
  const matching = rules.filter((rule) => rule.applies(question)).sort(stronger)
  const [winner] = matching
  if (!winner) return unmatched(question, mode)
  return {
    ...said(winner.effect, winner.explanation ?? `Policy ${winner.id} says ${winner.effect}`),
    matchedPolicies: matching.map(({ id }) => id),
    policyId: winner.id,
  }
}
