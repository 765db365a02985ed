import { seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import type { DecisionRow } from '../decisions/store'
import { factsOf } from './facts'
import type { PolicyQuestion } from './question'
import type { PolicyRule } from './rule'
import type { RuleSet } from './rule-set'
import { isMeant } from './weigh'

const SENT = /^(?:(?:arguments|context|provenance)\.|(?:intent|resource)$)/

/** What stands there was said by whoever asked, in their own words: it is read with trace:reveal alone. */
export const isSent = (field: string): boolean => SENT.test(field)

const looksInside = ({ tests }: PolicyRule): boolean => tests.some(({ field }) => isSent(field))

const isYounger = ({ source, since }: PolicyRule, { createdAt }: DecisionRow): boolean =>
  source !== 'server' && (since === undefined || since >= createdAt)

/**
 * Whether asking again would tell somebody who may not read it something new of what was sent. What a rule that looks
 * inside said then stands in the record; a younger one, or one that cannot be known to be the same, would be a guess.
 */
export const wouldTell = (scope: Scope, row: DecisionRow, question: PolicyQuestion, { rules, hash }: RuleSet) => {
  if (seesTexts(scope) || hash === row.policyHash) return false
  const facts = factsOf(question, { tenantId: scope.tenantId, root: null })
  return rules.some((rule) => looksInside(rule) && isYounger(rule, row) && (rule.isFallback || isMeant(rule, facts)))
}
