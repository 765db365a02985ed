import type { Scope } from '@/lib/core/scope'
import type { FiledPolicies } from './filed'
import type { PolicyRule } from './rule'
import { ruleSetFor } from './rule-set'
import { findPolicies } from './store'
import { isToolNamed } from './tool-name'

export type PolicyPosture = {
  policyCount: number
  fallbackPresent: boolean
  fallbackEnabled: boolean
  // Whether a rule speaks of this very tool, a fallback aside.
  covers(tool: string): boolean
}

const isTools = ({
  subjectType,
  subjectName,
  precedence,
}: {
  subjectType: string
  subjectName: string | null
  precedence: number
}) => subjectType === 'tool' && subjectName === null && precedence <= 0

const speaksOf = ({ subject, isFallback }: PolicyRule, tool: string): boolean =>
  subject.type === 'tool' && !isFallback && (subject.name === undefined || isToolNamed(subject.name, tool))

/** How well the rules of a tenant cover what an external agent may ask. */
export const policyPosture = async (scope: Scope, filed: FiledPolicies): Promise<PolicyPosture> => {
  const { rules } = await ruleSetFor(scope, filed)
  const fallbackEnabled = rules.some(({ isFallback }) => isFallback)
  return {
    policyCount: rules.length,
    fallbackPresent: fallbackEnabled || (await findPolicies(scope.db)).some(isTools),
    fallbackEnabled,
    covers: (tool) => rules.some((rule) => speaksOf(rule, tool)),
  }
}
