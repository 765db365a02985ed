import { RISK_LEVELS } from '../risk'
import { type Facts, valuesAt } from './facts'
import { isUnder } from './paths'
import type { PolicyEffect } from './question'
import type { Test } from './rule'
import { policyToolName } from './tool-name'

// What permits must be certain of every value; what restricts bites on any value, and where it cannot be told.
type Side = { permits: boolean }
type Verdict = boolean | 'unknown'

const TOOL_FIELDS = ['tool', 'tool_group']
const HOST_FIELDS = ['context.targets.hosts', 'context.targets.host']
const ORDERED_FIELDS = ['risk_level', 'adapter_risk_class']
const MOST_ITEMS = 1000
const MOST_SEEN = 4000
const RANKS: readonly string[] = RISK_LEVELS
const PROGRAM = 'context.exec.argv0'
const TEMPLATE = /\{\{\s*([a-z.]+)\s*\}\}/g

const filled = (text: string, { root, tenantId, question }: Facts): string | null => {
  if (!text.includes('{{')) return text
  const known: Record<string, string | null> = {
    'workspace.root': root,
    'tenant.id': tenantId,
    'workspace.id': question.workspaceId,
  }
  const isWhole = [...text.matchAll(TEMPLATE)].every((match) => typeof known[match[1] ?? ''] === 'string')
  return isWhole ? text.replaceAll(TEMPLATE, (_, name: string) => known[name] ?? '') : null
}

const spelled = (field: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value
  if (TOOL_FIELDS.includes(field)) return policyToolName(value)
  return HOST_FIELDS.includes(field) ? value.toLowerCase().replace(/\.$/, '') : value
}

// `/bin/rm` is `rm` to a rule that restricts; one that permits `git` does not mean `/tmp/git`.
const formsOf = (field: string, value: unknown, { permits }: Side): unknown[] => {
  const own = spelled(field, value)
  if (field !== PROGRAM || permits || typeof own !== 'string') return [own]
  return [own, own.replaceAll('\\', '/').split('/').at(-1)]
}

const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object'

// `"100"` does not slip past a rule that restricts 100.
const isSame = (a: unknown, b: unknown, { permits }: Side): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => item === b[i])
  return a === b || (!permits && isScalar(a) && isScalar(b) && String(a) === String(b))
}

const expectedOf = (test: Test, value: unknown, facts: Facts): { known: boolean; value: unknown } => {
  if (typeof value !== 'string') return { known: true, value }
  const text = filled(value, facts)
  return { known: text !== null, value: spelled(test.field, text) }
}

const equal = (test: Test, options: readonly unknown[], value: unknown, facts: Facts, side: Side): Verdict => {
  const wanted = options.map((option) => expectedOf(test, option, facts))
  const forms = formsOf(test.field, value, side)
  if (wanted.some((option) => option.known && forms.some((form) => isSame(form, option.value, side)))) return true
  return wanted.every(({ known }) => known) ? false : 'unknown'
}

const begins = (test: Test, value: unknown, facts: Facts, side: Side): Verdict => {
  if (Array.isArray(test.expected))
    return Array.isArray(value) && test.expected.every((item, i) => item === (value as unknown[])[i])
  const { known, value: start } = expectedOf(test, test.expected, facts)
  if (!known || typeof start !== 'string') return 'unknown'
  const isText = (form: unknown) => typeof form === 'string' || (!side.permits && typeof form === 'number')
  return formsOf(test.field, value, side).some((form) => isText(form) && String(form).startsWith(start))
}

const under = (roots: readonly unknown[], value: unknown, facts: Facts, { permits }: Side): Verdict => {
  if (typeof value !== 'string') return 'unknown'
  const path = facts.pathOf(value)
  const places = roots.map((root) => {
    const text = typeof root === 'string' ? filled(root, facts) : null
    return text === null ? { lexical: null, real: null } : facts.pathOf(text)
  })
  const within = ({ lexical, real }: (typeof places)[number]): [Verdict, Verdict] => [
    path.lexical === null || lexical === null ? 'unknown' : isUnder(path.lexical, lexical),
    path.real === null || real === null ? 'unknown' : isUnder(path.real, real),
  ]
  const verdicts = places.map(within)
  if (permits) return verdicts.some(([written, real]) => written === true && real === true)
  if (verdicts.some(([written, real]) => written === true || real === true)) return true
  return verdicts.flat().includes('unknown') ? 'unknown' : false
}

const numberOf = (value: unknown): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

const rankOf = (field: string, value: unknown): number | null => {
  if (!ORDERED_FIELDS.includes(field)) return numberOf(value)
  const rank = RANKS.indexOf(String(value))
  return rank < 0 ? null : rank
}

const micro = (dollars: number): number => Math.round(dollars * 1_000_000)

const COMPARE: Partial<Record<Test['operator'], (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  min: (a, b) => a >= b,
  max: (a, b) => a <= b,
}

const measured = (test: Test, value: unknown): Verdict => {
  const compare = COMPARE[test.operator]
  const bound = rankOf(test.field, test.expected)
  const number = rankOf(test.field, value)
  if (compare === undefined || bound === null || number === null) return 'unknown'
  return test.field === 'estimated_cost' ? compare(micro(number), micro(bound)) : compare(number, bound)
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const one = (test: Test, value: unknown, facts: Facts, side: Side): Verdict => {
  if (test.operator === 'eq') return equal(test, [test.expected], value, facts, side)
  if (test.operator === 'in') return equal(test, listOf(test.expected), value, facts, side)
  if (test.operator === 'prefix') return begins(test, value, facts, side)
  if (test.operator === 'all_under' || test.operator === 'any_under')
    return under(listOf(test.expected), value, facts, side)
  return measured(test, value)
}

const isHeld = (verdict: Verdict, { permits }: Side): boolean => verdict === true || (verdict === 'unknown' && !permits)

// A list is compared as a whole with a list, and item by item with anything else.
const isWhole = ({ operator, expected }: Test): boolean =>
  (operator === 'eq' || operator === 'prefix') && Array.isArray(expected)

// All that stands in lists, however deep they lie in one another; null where that is more than is looked at.
const itemsIn = (values: readonly unknown[]): unknown[] | null => {
  const items: unknown[] = []
  let seen = 0
  const walk: unknown[] = [values]
  while (walk.length > 0) {
    const next = walk.pop()
    if (++seen > MOST_SEEN) return null
    if (!Array.isArray(next)) items.push(next)
    else if (next.length > MOST_ITEMS) return null
    else for (let at = next.length - 1; at >= 0; at--) walk.push(next[at])
  }
  return items.length > MOST_ITEMS ? null : items
}

const asksAll = ({ operator }: Test, { permits }: Side): boolean =>
  operator === 'all_under' || (operator !== 'any_under' && permits)

/** Whether the facts fit one condition of a rule with this effect. */
export const holds = (test: Test, facts: Facts, effect: PolicyEffect): boolean => {
  const side = { permits: effect === 'allow' }
  const { values, isTooMuch } = valuesAt(facts, test.field)
  if (test.operator === 'exists' && (values.length > 0 || !isTooMuch)) return values.length > 0 === test.expected
  const items = isTooMuch ? null : isWhole(test) ? values : itemsIn(values)
  if (items === null) return !side.permits
  if (items.length === 0) return false
  const holdsFor = (item: unknown) => isHeld(one(test, item, facts, side), side)
  return asksAll(test, side) ? items.every(holdsFor) : items.some(holdsFor)
}
