import { kernel } from '@/lib/core/kernel'
import { Problem } from '@/lib/shared/problem'
import type { PolicyDocument } from '../contract/policy-document'

const isOperator = (condition: unknown): boolean =>
  typeof condition === 'object' && condition !== null && !Object.hasOwn(condition, 'eq')

export const usesOperators = ({ conditions = {} }: Pick<PolicyDocument, 'conditions'>): boolean =>
  Object.values(conditions).some(isOperator)

/** A server may hold its policies to equal values alone. */
export const assertOperators = (document: Pick<PolicyDocument, 'conditions'>): void => {
  if (kernel().env.CLASPER_POLICY_OPERATORS || !usesOperators(document)) return
  throw new Problem('invalid_request', 'Operators in policies are switched off on this server.')
}
