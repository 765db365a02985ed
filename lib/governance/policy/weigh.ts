import type { Env } from '@/lib/core/env'
import { explainMatch, explainWinner, whatOf, wordsOf } from './explain'
import type { Facts } from './facts'
import { holds } from './operators'
import type { PolicyDecision, PolicyEffect, PolicyTraceEntry } from './question'
import type { PolicyRule } from './rule'
import { isToolNamed } from './tool-name'

export type PolicyMode = Env['CLASPER_MODE']

const SEVERITY: Readonly<Record<PolicyEffect, number>> = { deny: 2, require_approval: 1, allow: 0 }
const MOST_TRACED = 100

// Ids are unique, so the order in which rules were written decides nothing.
const stronger = (a: PolicyRule, b: PolicyRule): number =>
  b.precedence - a.precedence ||
  b.specificity - a.specificity ||
  SEVERITY[b.effect] - SEVERITY[a.effect] ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

// A rule that permits one skill does not permit the others in play; one that restricts it bites.
const speaksOfSkill = ({ subject: { name }, effect }: PolicyRule, { question }: Facts): boolean => {
  const skills = listed(question.skill)
  const isKnown = skills.length > 0 || question.skillState !== undefined
  if (name === undefined || !isKnown) return isKnown
  if (question.skillState === name) return true
  if (effect === 'allow') return skills.length > 0 && skills.every((skill) => skill === name)
  return skills.includes(name)
}

const isNamed = (wanted: string | undefined, ...names: readonly (string | null | undefined)[]): boolean => {
  const known = names.filter((name) => typeof name === 'string')
  return wanted === undefined ? known.length > 0 : known.includes(wanted)
}

const speaksOf = (rule: PolicyRule, facts: Facts): boolean => {
  const { type, name } = rule.subject
  const { question } = facts
  if (type === 'tool') return question.tool !== undefined && (name === undefined || isToolNamed(name, question.tool))
  if (type === 'skill') return speaksOfSkill(rule, facts)
  if (type === 'adapter') return isNamed(name, question.adapterId)
  if (type === 'environment') return isNamed(name, question.environment)
  if (type === 'risk') return isNamed(name, question.riskLevel)
  if (type === 'agent') return isNamed(name, question.role, question.agentId)
  return question.estimatedCost !== undefined
}

const isFor = ({ tenantId, workspaceId, environment }: PolicyRule, facts: Facts): boolean =>
  (tenantId === undefined || tenantId === facts.tenantId) &&
  (workspaceId === undefined || workspaceId === facts.question.workspaceId) &&
  (environment === undefined || environment === facts.question.environment)

/** Whether a rule is about this at all, whatever its conditions say. */
export const isMeant = (rule: PolicyRule, facts: Facts): boolean => isFor(rule, facts) && speaksOf(rule, facts)

type WhyNot = { text: string; isNear: boolean }

const whyNot = (rule: PolicyRule, facts: Facts): WhyNot | null => {
  if (!isFor(rule, facts)) return { text: 'it is for another workspace or environment', isNear: false }
  if (!speaksOf(rule, facts)) return { text: `it speaks of another ${rule.subject.type}`, isNear: false }
  const missed = rule.tests.find((test) => !holds(test, facts, rule.effect))
  return missed ? { text: `not so: ${wordsOf(missed)}`, isNear: true } : null
}

type Weighed = {
  matching: readonly PolicyRule[]
  // Speaks of this, in this place, and its conditions do not hold.
  missed: readonly PolicyRule[]
  skipped: readonly PolicyTraceEntry[]
}

const byId = (a: PolicyTraceEntry, b: PolicyTraceEntry): number => (a.policy_id < b.policy_id ? -1 : 1)

const sorted = (rules: readonly PolicyRule[], facts: Facts): Weighed => {
  const matching: PolicyRule[] = []
  const missed: PolicyRule[] = []
  const near: PolicyTraceEntry[] = []
  const far: PolicyTraceEntry[] = []
  for (const rule of rules) {
    const why = whyNot(rule, facts)
    if (why === null) {
      matching.push(rule)
      continue
    }
    const entry: PolicyTraceEntry = { policy_id: rule.id, result: 'skipped', explanation: why.text }
    if (why.isNear) missed.push(rule)
    ;(why.isNear ? near : far).push(entry)
  }
  // What almost applied is worth more to a reader than what was never meant.
  return { matching: matching.sort(stronger), missed, skipped: [...near.sort(byId), ...far.sort(byId)] }
}

const traced = ({ matching, skipped }: Weighed, winner: PolicyRule | undefined): PolicyTraceEntry[] => {
  const all: PolicyTraceEntry[] = [
    ...matching.map((rule) => ({
      policy_id: rule.id,
      result: 'matched' as const,
      decision: rule.effect,
      explanation: winner ? explainMatch(rule, winner) : 'matches',
    })),
    ...skipped,
  ]
  if (all.length <= MOST_TRACED) return all
  const more = all.length - MOST_TRACED
  return [...all.slice(0, MOST_TRACED), { policy_id: '…', result: 'skipped', explanation: `and ${more} more` }]
}

type Silence = { decision: PolicyEffect; explanation: string; fallback?: PolicyRule }

// A fallback speaks of tools; of an external agent that asks for something else it still is the last word.
const fallbackFor = (rules: readonly PolicyRule[], facts: Facts): PolicyRule | undefined =>
  rules
    .filter((rule) => rule.isFallback && isFor(rule, facts) && rule.tests.every((t) => holds(t, facts, rule.effect)))
    .sort(stronger)[0]

// The mode governs external agents. The tools of a built-in run had to be granted before a policy is asked, so there
// silence allows them, unless nothing may pass unsaid.
const unmatched = (rules: readonly PolicyRule[], facts: Facts, mode: PolicyMode): Silence => {
  const what = whatOf(facts.question)
  const silence = `No policy speaks of ${what}`
  if (facts.question.adapterId === undefined)
    return mode === 'strict' && facts.question.subject === 'tool'
      ? { decision: 'deny', explanation: `${silence}, and the mode is strict` }
      : { decision: 'allow', explanation: silence }
  if (mode === 'permissive') return { decision: 'allow', explanation: `${silence}, and the mode is permissive` }
  if (mode === 'strict') return { decision: 'deny', explanation: `${silence}, and the mode is strict` }
  const fallback = fallbackFor(rules, facts)
  if (!fallback) return { decision: 'deny', explanation: `${silence}, and the mode is guarded without a fallback` }
  return { decision: fallback.effect, explanation: explainWinner(fallback, facts), fallback }
}

const asked = (rule: PolicyRule): Pick<PolicyDecision, 'requiredRole'> =>
  rule.requiredRole === undefined ? {} : { requiredRole: rule.requiredRole }

// An exception is a permission that outranks a restriction of the same thing.
const exceptionIn = ({ matching, missed }: Weighed, winner: PolicyRule): Pick<PolicyDecision, 'exception'> => {
  if (winner.effect === 'allow') return matching.some(({ effect }) => effect !== 'allow') ? { exception: 'hit' } : {}
  return missed.some((rule) => rule.effect === 'allow' && stronger(rule, winner) < 0) ? { exception: 'miss' } : {}
}

export type Ruling = Omit<PolicyDecision, 'policyHash'>

/** What these rules say of these facts. Nothing else goes in, and the order of the rules decides nothing. */
export const weigh = (rules: readonly PolicyRule[], facts: Facts, mode: PolicyMode): Ruling => {
  const weighed = sorted(rules, facts)
  const [winner] = weighed.matching
  if (winner)
    return {
      decision: winner.effect,
      matchedPolicies: weighed.matching.map(({ id }) => id),
      policyId: winner.id,
      explanation: explainWinner(winner, facts),
      trace: traced(weighed, winner),
      isFallback: weighed.matching.every((rule) => rule.isFallback),
      ...exceptionIn(weighed, winner),
      ...asked(winner),
    }
  const { decision, explanation, fallback } = unmatched(rules, facts, mode)
  return {
    decision,
    matchedPolicies: fallback ? [fallback.id] : [],
    policyId: fallback?.id ?? null,
    explanation,
    trace: traced(weighed, undefined),
    isFallback: fallback !== undefined,
    ...(fallback ? asked(fallback) : {}),
  }
}
