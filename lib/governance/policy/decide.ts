import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { factsOf } from './facts'
import type { FiledPolicies } from './filed'
import type { PolicyDecision, PolicyQuestion } from './question'
import { withRealPaths } from './real-paths'
import { type RuleSet, ruleSetFor } from './rule-set'
import { weigh } from './weigh'

/** What a set of rules says, with the mode of this server. */
export const askRules = async (
  set: RuleSet,
  question: PolicyQuestion,
  { tenantId, root }: { tenantId: string; root: string | null },
): Promise<PolicyDecision> => {
  const facts = await withRealPaths(set.rules, factsOf(question, { tenantId, root }))
  return { ...weigh(set.rules, facts, kernel().env.CLASPER_MODE), policyHash: set.hash }
}

/**
 * Every tool call of a run, every run and every act of an external agent is asked here. `filed` are the files of the
 * workspace that the question names (policiesOf in lib/workspace); it is asked for, so that nobody forgets them.
 */
export const decide = async (scope: Scope, question: PolicyQuestion, filed: FiledPolicies): Promise<PolicyDecision> =>
  askRules(await ruleSetFor(scope, filed), question, { tenantId: scope.tenantId, root: filed.root })
