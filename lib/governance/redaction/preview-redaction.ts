import { compileRules, foundIn, kindOf, type RuleRow } from '@/lib/core/redaction/rules'
import { previewWith } from '@/lib/core/redaction/tenant'
import type { Scope } from '@/lib/core/scope'
import type { PreviewAsked } from '../contract/redaction'
import { judgeRule } from './judge-rule'
import { findRules } from './store'

const MOST_FINDINGS = 1_000

/** With the rules that hold, or with what they would be: nothing is stored, no token becomes known. */
export const previewRedactionOf = async (scope: Scope, { text, rules: tried = [] }: PreviewAsked) => {
  const drafts: RuleRow[] = tried.map(judgeRule)
  const stored: RuleRow[] = await findRules(scope.db)
  const rules = compileRules([...stored.filter(({ name }) => !drafts.some((draft) => draft.name === name)), ...drafts])
  const found = foundIn(rules, text).map(({ type, from, to }) => ({ name: kindOf(type), from, to }))
  const counts: Record<string, number> = {}
  for (const { name } of found) counts[name] = (counts[name] ?? 0) + 1
  return {
    redacted: previewWith(scope.tenantId, rules, text),
    findings: found.slice(0, MOST_FINDINGS),
    counts,
    is_cut: found.length > MOST_FINDINGS,
  }
}
