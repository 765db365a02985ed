import { toWire, toWireOrNull } from '@/lib/shared/time'
import type { ApiKey } from './contract'
import { keyState } from './service-key'
import type { StoredKey } from './store'

export const presentKey = (key: StoredKey, now: Date, replaced: ReadonlySet<string>): ApiKey => ({
  id: key.id,
  name: key.name,
  prefix: `clk_${key.prefix}`,
  tenant_id: key.tenantId,
  allowed_tenants: key.allowedTenants,
  workspace_ids: key.workspaceIds,
  scopes: key.scopes,
  tenant_mode: key.tenantMode === 'per_user' ? 'per_user' : 'fixed',
  state: keyState({ ...key, rotatedAway: replaced.has(key.id) }, now),
  created_by: key.createdBy,
  created_at: toWire(key.createdAt),
  expires_at: toWireOrNull(key.expiresAt),
  last_used_at: toWireOrNull(key.lastUsedAt),
  revoked_at: toWireOrNull(key.revokedAt),
})
