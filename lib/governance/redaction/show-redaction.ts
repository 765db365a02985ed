import { MASK_OF } from '@/lib/core/redaction/input'
import { KINDS, mayBeOff } from '@/lib/core/redaction/rules'
import type { Scope } from '@/lib/core/scope'
import { LIMITS } from './judge-rule'
import { presentRule, strategyOf } from './present'
import { findRules } from './store'

/** The kinds of the house as this tenant has them written, and its own patterns. */
export const showRedaction = async (scope: Scope) => {
  const rows = await findRules(scope.db)
  const kinds = KINDS.map((name) => {
    const row = rows.find((rule) => rule.name === name)
    return {
      name,
      mask: row?.replacement ?? MASK_OF[name],
      strategy: strategyOf(row?.strategy ?? 'mask'),
      is_enabled: row?.isEnabled ?? true,
      may_be_off: mayBeOff(name),
    }
  })
  return { tenant_id: scope.tenantId, kinds, rules: rows.map(presentRule), limits: LIMITS }
}
