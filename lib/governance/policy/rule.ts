import type { Role } from '@/lib/shared/rbac'
import { stableJson } from '@/lib/shared/stable-json'
import type { Condition, Operator } from '../contract/policy-conditions'
import type { PolicyDocument } from '../contract/policy-document'
import type { PolicyEffect } from './question'

export type RuleSource = 'console' | 'workspace' | 'server'

export type Test = { field: string; operator: Operator | 'min' | 'max'; expected: unknown }

// A rule as it is asked.
export type PolicyRule = {
  id: string
  source: RuleSource
  effect: PolicyEffect
  requiredRole?: Role
  precedence: number
  // Workspace and environment 3, environment 2, else 1.
  specificity: 1 | 2 | 3
  tenantId?: string
  workspaceId?: string
  environment?: string
  subject: PolicyDocument['subject']
  tests: readonly Test[]
  explanation?: string
  // What holds where nothing else speaks: a tool policy without a name, of precedence 0 or less.
  isFallback: boolean
  // What the hash of all rules is taken over.
  canonical: string
  document: PolicyDocument
  // When it was last changed; files do not say.
  since?: Date
}

const testOf = (field: string, condition: Condition): Test => {
  if (field === 'min_cost' || field === 'max_cost')
    return { field: 'estimated_cost', operator: field === 'min_cost' ? 'min' : 'max', expected: condition }
  if (typeof condition !== 'object' || condition === null) return { field, operator: 'eq', expected: condition }
  const [operator = 'eq', expected] = Object.entries(condition).find(([, value]) => value !== undefined) ?? []
  return { field, operator: operator as Operator, expected }
}

const PREFIX: Readonly<Record<RuleSource, string>> = { console: '', workspace: 'workspace/', server: 'server/' }

/** A document that was checked, as a rule. What comes from files carries where from in its id. */
export const ruleOf = (document: PolicyDocument, source: RuleSource = 'console'): PolicyRule => {
  const { scope = {}, subject, effect, precedence = 0, explanation } = document
  const isOfWorkspace = source === 'workspace' || scope.workspace_id !== undefined
  const id = `${PREFIX[source]}${document.policy_id}`
  return {
    id,
    source,
    effect: effect.decision,
    ...(effect.required_role === undefined ? {} : { requiredRole: effect.required_role }),
    precedence,
    specificity: scope.environment === undefined ? 1 : isOfWorkspace ? 3 : 2,
    ...(scope.tenant_id === undefined ? {} : { tenantId: scope.tenant_id }),
    ...(scope.workspace_id === undefined ? {} : { workspaceId: scope.workspace_id }),
    ...(scope.environment === undefined ? {} : { environment: scope.environment }),
    subject,
    tests: Object.entries(document.conditions ?? {}).map(([field, condition]) => testOf(field, condition)),
    ...(explanation === undefined ? {} : { explanation }),
    isFallback: subject.type === 'tool' && subject.name === undefined && precedence <= 0,
    canonical: stableJson({ ...document, policy_id: id, precedence, enabled: true }),
    document,
  }
}
