import { z } from 'zod'

// One field, one operator. A bare value means eq.
const MOST_FIELDS = 32
const MOST_ITEMS = 200
const MOST_TEXT = 1000
const MOST_SEGMENTS = 10
const MOST_NAME = 200

export const OPERATORS = ['eq', 'in', 'prefix', 'exists', 'all_under', 'any_under', 'gt', 'gte', 'lt', 'lte'] as const
export type Operator = (typeof OPERATORS)[number]

const text = z.string().max(MOST_TEXT)
const Scalar = z.union([text, z.number(), z.boolean(), z.null()])
const Scalars = z.array(Scalar).max(MOST_ITEMS)
const Bound = z.union([z.number(), text])
const Roots = z.array(text.min(1)).min(1).max(MOST_ITEMS)

const Test = z
  .strictObject({
    eq: z.union([Scalar, Scalars]).optional(),
    in: Scalars.min(1).optional(),
    prefix: z.union([text.min(1), z.array(text).min(1).max(MOST_ITEMS)]).optional(),
    exists: z.boolean().optional(),
    all_under: Roots.optional(),
    any_under: Roots.optional(),
    gt: Bound.optional(),
    gte: Bound.optional(),
    lt: Bound.optional(),
    lte: Bound.optional(),
  })
  .refine((test) => Object.values(test).filter((value) => value !== undefined).length === 1, 'takes one operator')

export const Condition = z.union([Scalar, Test], {
  error: `must be a value or one operator: ${OPERATORS.join(', ')} (lists are written {in: [...]})`,
})
export type Condition = z.output<typeof Condition>

const FIELDS = [
  ...['tool', 'tool_group', 'action', 'resource', 'actor', 'agent_id', 'agent_role', 'user_id', 'model'],
  ...['capability', 'intent', 'skill', 'skill_state', 'risk_level', 'adapter_id', 'adapter_risk_class'],
  ...['environment', 'workspace_id', 'estimated_cost', 'min_cost', 'max_cost'],
] as const
const DOTTED = ['context', 'arguments', 'provenance'] as const
const HIDDEN = ['__proto__', 'prototype', 'constructor']

const faultOfName = (name: string): string | null => {
  if (name.length > MOST_NAME) return 'the name of a field is too long'
  const segments = name.split('.')
  if (segments.length > MOST_SEGMENTS) return 'a field is nested too deep'
  if (segments.some((segment) => segment.startsWith('__clasper_')))
    return 'names that begin with __clasper_ are reserved'
  if (segments.some((segment) => segment === '' || HIDDEN.includes(segment))) return 'this is no name of a field'
  if (segments.length === 1 && FIELDS.some((field) => field === name)) return null
  if (segments.length > 1 && DOTTED.some((field) => field === segments[0])) return null
  return `there is no such field; there are ${FIELDS.join(', ')} and what stands below ${DOTTED.join(', ')}`
}

const TEMPLATE = /\{\{([^}]*)\}\}/g
export const TEMPLATES = ['workspace.root', 'tenant.id', 'workspace.id'] as const

const textsIn = (condition: Condition): string[] => {
  if (typeof condition === 'string') return [condition]
  if (typeof condition !== 'object' || condition === null) return []
  return Object.values(condition)
    .flat()
    .filter((value) => typeof value === 'string')
}

const faultOfValue = (name: string, condition: Condition): string | null => {
  const strange = textsIn(condition)
    .flatMap((value) => [...value.matchAll(TEMPLATE)].map((match) => (match[1] ?? '').trim()))
    .find((template) => !TEMPLATES.some((known) => known === template))
  if (strange !== undefined) return `there is no template {{${strange}}}`
  if ((name === 'min_cost' || name === 'max_cost') && (typeof condition !== 'number' || condition < 0))
    return 'must be a number of dollars, not below 0'
  return null
}

// A record leaves this name out without a word, and a rule without its condition is another rule.
const Whole = z
  .unknown()
  .refine((value) => typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__'), {
    message: 'this is no name of a field',
  })

const Fields = z.record(z.string(), Condition).superRefine((conditions, context) => {
  const names = Object.keys(conditions)
  if (names.length > MOST_FIELDS) context.addIssue({ code: 'custom', message: `has more than ${MOST_FIELDS} fields` })
  for (const name of names.slice(0, MOST_FIELDS + 1)) {
    const message = faultOfName(name) ?? faultOfValue(name, conditions[name] ?? null)
    if (message !== null) context.addIssue({ code: 'custom', path: [name.slice(0, 80)], message })
  }
})

export const Conditions = z.intersection(Fields, Whole)
export type Conditions = z.output<typeof Fields>
