import type { RetentionPolicy } from './contract'
import type { PolicyRow } from './store'

export const presentPolicy = (row: PolicyRow): RetentionPolicy => ({
  tenant_id: row.tenantId,
  retention_days: row.retentionDays,
  sampling_strategy: row.samplingStrategy as RetentionPolicy['sampling_strategy'],
  storage_mode: row.storageMode as RetentionPolicy['storage_mode'],
  legal_hold: row.legalHold,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
})
