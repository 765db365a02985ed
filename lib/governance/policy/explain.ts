import type { Facts } from './facts'
import type { PolicyEffect, PolicyQuestion } from './question'
import type { PolicyRule, Test } from './rule'

const MOST = 500

const cut = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text)

const VERBS: Readonly<Record<PolicyEffect, string>> = {
  allow: 'allows',
  deny: 'denies',
  require_approval: 'asks for an approval of',
}

const WORDS: Readonly<Record<Test['operator'], string>> = {
  eq: 'is',
  in: 'is one of',
  prefix: 'begins with',
  exists: 'is there:',
  all_under: 'lies wholly below',
  any_under: 'lies in part below',
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  min: 'is at least $',
  max: 'is at most $',
}

const shown = (value: unknown): string => {
  const text = Array.isArray(value) ? value.map(String).join(', ') : String(value)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

// What the rule says, never what the caller sent: that is for those who may read payloads.
export const wordsOf = ({ field, operator, expected }: Test): string =>
  `${field} ${WORDS[operator]}${operator === 'min' || operator === 'max' ? '' : ' '}${shown(expected)}`

const SAFE_NAME = /^[\p{L}\p{N}_.:/@-]{1,100}$/u

export const whatOf = ({ subject, tool, adapterId }: PolicyQuestion): string => {
  const named = (what: string, name: string | undefined) =>
    name !== undefined && SAFE_NAME.test(name) ? `the ${what} ${name}` : `this ${what}`
  if (subject === 'tool') return named('tool', tool)
  if (subject === 'adapter') return named('adapter', adapterId)
  return subject === 'run' || subject === 'execution' ? `this ${subject}` : `this ${subject}`
}

export const explainWinner = (rule: PolicyRule, { question }: Facts): string => {
  if (rule.explanation !== undefined) return rule.explanation
  const because = rule.tests.length === 0 ? '' : ` where ${rule.tests.map(wordsOf).join(' and ')}`
  const place = rule.environment === undefined ? '' : ` in ${rule.environment}`
  return cut(`The policy ${rule.id} ${VERBS[rule.effect]} ${whatOf(question)}${place}${because}.`)
}

export const explainMatch = (rule: PolicyRule, winner: PolicyRule): string => {
  if (rule === winner) return 'decides'
  if (rule.precedence !== winner.precedence)
    return `gives way: precedence ${rule.precedence} is below ${winner.precedence}`
  if (rule.specificity !== winner.specificity) return 'gives way to a rule for a narrower place'
  return rule.effect === winner.effect ? `says the same as ${winner.id}` : `gives way: ${winner.effect} is stronger`
}
