import { tenantScopes } from '@/lib/auth'
import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { countTracesBefore } from '@/lib/tracing'
import { type RetentionStats, SAMPLING_STRATEGIES } from './contract'
import { cutoffOf } from './rules'
import { findPolicy, rulesOf } from './store'
import { requireWholeTenant } from './whole-tenant'

const oneTenant = async (scope: Scope) => {
  const [row, rules] = [await findPolicy(scope.db), await rulesOf(scope.db)]
  const old = await countTracesBefore(scope, dateOf(cutoffOf(rules, scope.clock.now())))
  return {
    policy: row === null ? null : rules,
    standing: { tenant_id: scope.tenantId, old_trace_count: old, retention_days: rules.retention_days },
  }
}

/** Where a tenant is named only that one, otherwise all of the caller's. */
export const retentionStats = async (scope: Scope, isNamed: boolean): Promise<RetentionStats> => {
  requireWholeTenant(scope)
  const isOne = isNamed || scope.tenantId !== scope.identity.tenantId
  const found = []
  for (const place of isOne ? [scope] : await tenantScopes(scope)) found.push(await oneTenant(place))
  const policies = found.flatMap(({ policy }) => policy ?? [])
  const old = found.map(({ standing }) => standing).filter((standing) => standing.old_trace_count > 0)
  const days = policies.reduce((sum, policy) => sum + policy.retention_days, 0)
  const count = (strategy: string) => policies.filter((policy) => policy.sampling_strategy === strategy).length
  return {
    stats: {
      total_policies: policies.length,
      avg_retention_days: policies.length === 0 ? 0 : days / policies.length,
      tenants_needing_cleanup: old.length,
      tenants_by_strategy: Object.fromEntries(SAMPLING_STRATEGIES.map((strategy) => [strategy, count(strategy)])),
    },
    tenants_needing_cleanup: old,
  }
}
