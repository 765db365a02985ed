import { toWire } from '@/lib/shared/time'
import { REDACTION_STRATEGIES } from '../contract/redaction'
import type { StoredRule } from './store'

export const strategyOf = (name: string) => REDACTION_STRATEGIES.find((known) => known === name) ?? 'mask'

export const presentRule = (row: StoredRule) => ({
  name: row.name,
  pattern: row.pattern,
  strategy: strategyOf(row.strategy),
  replacement: row.replacement,
  is_enabled: row.isEnabled,
  updated_by: row.updatedBy,
  updated_at: toWire(row.updatedAt),
})
