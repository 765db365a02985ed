import type { Condition } from '@/lib/governance/contract'

export const OPERATOR_WORDS = {
  eq: 'is',
  in: 'is one of',
  prefix: 'begins with',
  exists: 'is there',
  all_under: 'all below',
  any_under: 'any below',
  gt: 'is above',
  gte: 'is at least',
  lt: 'is below',
  lte: 'is at most',
} as const

type OperatorName = keyof typeof OPERATOR_WORDS
export const OPERATOR_NAMES = Object.keys(OPERATOR_WORDS) as OperatorName[]

/** One condition as a person writes it: a field, a word and a value. */
export type Line = { key: string; field: string; operator: OperatorName; value: string }

type Scalar = string | number | boolean | null

const isOperator = (name: string): name is OperatorName => Object.hasOwn(OPERATOR_WORDS, name)

const readsAsOther = (text: string): boolean =>
  text === '' || text !== text.trim() || /^["[{]|,/.test(text) || /^(?:true|false|null)$/.test(text) || isNumber(text)

const isNumber = (text: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)

const oneText = (value: unknown): string =>
  typeof value === 'string' && !readsAsOther(value) ? value : (JSON.stringify(value) ?? '')

const valueText = (value: unknown): string => (Array.isArray(value) ? value.map(oneText).join(', ') : oneText(value))

// Commas part the items, but not inside quotes.
const itemsOf = (text: string): string[] =>
  [...text.matchAll(/\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|$)/g)]
    .map((match) => (match[1] ?? '').trim())
    .filter((item) => item !== '')

const oneOf = (text: string): Scalar => {
  if (isNumber(text)) return Number(text)
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  if (!text.startsWith('"')) return text
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'string' ? parsed : text
  } catch {
    return text
  }
}

const LISTS: readonly OperatorName[] = ['in', 'all_under', 'any_under']

export const takesList = (operator: OperatorName): boolean => LISTS.includes(operator)

export const linesOf = (conditions: Readonly<Record<string, unknown>>): Line[] =>
  Object.entries(conditions).map(([field, condition], at) => {
    const key = `${at} ${field}`
    const test = typeof condition === 'object' && condition !== null ? Object.entries(condition)[0] : undefined
    return test && isOperator(test[0])
      ? { key, field, operator: test[0], value: valueText(test[1]) }
      : { key, field, operator: 'eq', value: valueText(condition) }
  })

const conditionOf = ({ operator, value }: Line): Condition => {
  if (operator === 'exists') return { exists: value !== 'false' }
  if (operator === 'in') return { in: itemsOf(value).map(oneOf) }
  if (operator === 'all_under' || operator === 'any_under')
    return { [operator]: itemsOf(value).map((item) => String(oneOf(item))) }
  const items = itemsOf(value)
  if (operator === 'prefix')
    return { prefix: items.length > 1 ? items.map((item) => String(oneOf(item))) : String(oneOf(value.trim())) }
  const one = oneOf(value.trim())
  if (operator !== 'eq') return { [operator]: typeof one === 'number' ? one : String(one) }
  return items.length > 1 ? { eq: items.map(oneOf) } : one
}

export const conditionsOf = (lines: readonly Line[]): Record<string, Condition> =>
  Object.fromEntries(
    lines.filter(({ field }) => field.trim() !== '').map((line) => [line.field.trim(), conditionOf(line)]),
  )

export const conditionWords = ({ field, operator, value }: Omit<Line, 'key'>): string =>
  operator === 'exists'
    ? `${field} ${value === 'false' ? 'is not there' : 'is there'}`
    : `${field} ${OPERATOR_WORDS[operator]} ${value}`
