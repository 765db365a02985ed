import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import type { PolicyChange, RetentionPolicy, RetentionView } from './contract'
import { presentPolicy } from './present'
import type { Rules } from './rules'
import { findPolicy, lock, putPolicy, rulesOf } from './store'
import { requireWholeTenant } from './whole-tenant'

const ENTITY = 'retention-policy'

const changed = (before: Rules, change: PolicyChange): Rules => ({
  retention_days: change.retention_days ?? before.retention_days,
  sampling_strategy: change.sampling_strategy ?? before.sampling_strategy,
  storage_mode: change.storage_mode ?? before.storage_mode,
  legal_hold: change.legal_hold ?? before.legal_hold,
})

export const setPolicy = async (scope: Scope, change: PolicyChange) => {
  requireWholeTenant(scope)
  const why = change.justification ? { justification: scope.redaction.text(change.justification) } : {}
  const { row } = await scope.mutate(
    {
      event: 'config_change',
      entityId: ENTITY,
      data: ({ before, after }: { before: Rules; after: Rules }) => ({
        kind: 'retention_policy',
        before,
        after,
        ...why,
      }),
    },
    async (db) => {
      await lock(db)
      const before = await rulesOf(db)
      const after = changed(before, change)
      return { before, after, row: await putPolicy(db, after, scope.clock.now()) }
    },
  )
  return { status: 'ok' as const, policy: presentPolicy(row) }
}

export const getPolicy = async (scope: Scope): Promise<{ policy: RetentionPolicy }> => ({
  policy: presentPolicy((await findPolicy(scope.db)) ?? missing('retention policy')),
})

export const showRetention = async (scope: Scope): Promise<RetentionView> => {
  const row = await findPolicy(scope.db)
  const rules = await rulesOf(scope.db)
  return { tenant_id: scope.tenantId, rules, policy: row === null ? null : presentPolicy(row) }
}
