import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { type FiledPolicies, NO_FILED_POLICIES } from './filed'
import type { PolicyDecision, PolicyQuestion } from './question'
import { type PolicyRule, weigh } from './weigh'

type Rules = (scope: Scope, question: PolicyQuestion) => Promise<readonly PolicyRule[]>

const noRules: Rules = async () => []

// Every tool call of a run is asked here. A store of policies takes the place of `noRules`.
export const decide = async (
  scope: Scope,
  question: PolicyQuestion,
  _filed: FiledPolicies = NO_FILED_POLICIES,
  rulesFor = noRules,
): Promise<PolicyDecision> => weigh(await rulesFor(scope, question), question, kernel().env.CLASPER_MODE)
