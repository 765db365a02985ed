import { freshRules } from '@/lib/core/redaction/tenant'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import type { RuleChange } from '../contract/redaction'
import { assertFits, type Judged, judgeRule, ruleNameOf } from './judge-rule'
import { presentRule } from './present'
import { dropRule, findRules, lock, putRule, type StoredRule } from './store'

const EVENT = 'config_change'
const KIND = 'redaction'

// Rules hold for all workspaces of a tenant, so a fence around workspaces shuts them.
const requireWholeTenant = ({ identity }: Scope): void => {
  if (identity.workspaceIds === null) return
  throw new Problem(
    'workspace_access_denied',
    'Redaction concerns the whole tenant and is not open to an identity that is limited to workspaces',
  )
}

const toldOf = (rule: Judged | StoredRule | undefined): object | null =>
  rule === undefined
    ? null
    : {
        pattern: rule.pattern,
        strategy: rule.strategy,
        replacement: rule.replacement,
        is_enabled: rule.isEnabled,
      }

/** From the answer on, every text of every process that is asked anything is written by the new rule. */
export const putRedactionRule = async (scope: Scope, change: RuleChange) => {
  requireWholeTenant(scope)
  const rule = judgeRule(change)
  const why = change.justification ? { justification: change.justification } : {}
  const { row } = await scope.mutate(
    {
      event: EVENT,
      entityId: rule.name,
      data: ({ before }: { before: StoredRule | undefined }) => ({
        kind: KIND,
        rule: rule.name,
        before: toldOf(before),
        after: toldOf(rule),
        ...why,
      }),
    },
    async (db) => {
      await lock(db)
      const rows = await findRules(db)
      assertFits(rows, rule)
      const by = { updatedBy: scope.actor, updatedAt: scope.clock.now() }
      return { before: rows.find(({ name }) => name === rule.name), row: await putRule(db, rule, by) }
    },
  )
  await freshRules(scope.tenantId)
  return { status: 'ok' as const, rule: presentRule(row) }
}

export const dropRedactionRule = async (scope: Scope, asked: string) => {
  requireWholeTenant(scope)
  const name = ruleNameOf(asked)
  await scope.mutate(
    {
      event: EVENT,
      entityId: name,
      data: (before: StoredRule) => ({ kind: KIND, rule: name, before: toldOf(before), after: null }),
    },
    async (db) => {
      await lock(db)
      const before = (await findRules(db)).find((rule) => rule.name === name)
      if (before === undefined || !(await dropRule(db, name))) return missing('redaction rule', name)
      return before
    },
  )
  await freshRules(scope.tenantId)
  return { status: 'ok' as const, name }
}
