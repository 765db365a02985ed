import { usdOf } from '@/lib/shared/money'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import type { AdapterView, AdapterWithKeys } from './contract/adapter'
import type { ExecutionView, GrantedScope } from './contract/execution'
import type { ToolAuthorizationView, ToolScope } from './contract/tool'
import type { AdapterRow, AuthorizationRow, ExecutionRow, KeyRow } from './store'

type Json = Record<string, unknown>

export const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

export const objectIn = (value: unknown): Json | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null

export const presentAdapter = (row: AdapterRow): AdapterView => ({
  adapter_id: row.id,
  tenant_id: row.tenantId,
  display_name: row.displayName,
  risk_class: row.riskClass as AdapterView['risk_class'],
  capabilities: textsIn(row.capabilities),
  tool_capabilities: textsIn(row.toolCapabilities),
  version: row.version,
  certification_tier: row.certificationTier,
  enabled: row.isEnabled,
  disabled_by: row.disabledBy,
  disabled_at: toWireOrNull(row.disabledAt),
  registered_at: toWire(row.registeredAt),
  updated_at: toWire(row.updatedAt),
  last_seen_at: toWire(row.lastSeenAt),
})

const presentKey = (key: KeyRow): AdapterWithKeys['telemetry_keys'][number] => ({
  key_id: key.keyId,
  version: key.version,
  key_alg: key.keyAlg as AdapterWithKeys['telemetry_keys'][number]['key_alg'],
  public_jwk: objectIn(key.publicJwk) ?? {},
  created_by: key.createdBy,
  created_at: toWire(key.createdAt),
  revoked_by: key.revokedBy,
  revoked_at: toWireOrNull(key.revokedAt),
})

export const presentWithKeys = (row: AdapterRow, keys: readonly KeyRow[]): AdapterWithKeys => ({
  ...presentAdapter(row),
  telemetry_keys: keys.filter(({ adapterId }) => adapterId === row.id).map(presentKey),
})

export const grantedIn = (value: unknown): GrantedScope | null => {
  const scope = objectIn(value)
  if (scope === null) return null
  return {
    capabilities: textsIn(scope['capabilities']),
    max_steps: Number(scope['max_steps'] ?? 0),
    max_cost: typeof scope['max_cost'] === 'number' ? scope['max_cost'] : null,
    expires_at: String(scope['expires_at']),
  }
}

export const toolScopeIn = (value: unknown): ToolScope | null => {
  const scope = objectIn(value)
  if (scope === null) return null
  const { capabilities, max_steps: steps, max_cost: cost } = scope
  return {
    capabilities: textsIn(capabilities),
    max_steps: Number(steps ?? 0),
    max_cost: typeof cost === 'number' ? cost : null,
  }
}

export const presentExecution = (row: ExecutionRow): ExecutionView => ({
  execution_id: row.id,
  adapter_id: row.adapterId,
  workspace_id: row.workspaceId,
  environment: row.environment,
  effect: row.effect,
  decision_id: row.decisionId,
  granted_scope: grantedIn(row.grantedScope),
  used_scope: { step_count: row.usedSteps, actual_cost: usdOf(row.costMicroUsd) },
  risk_score: row.riskScore,
  risk_level: row.riskLevel,
  trace_id: row.traceId,
  created_at: toWire(row.createdAt),
  expires_at: toWire(row.expiresAt),
})

export const presentAuthorization = (row: AuthorizationRow): ToolAuthorizationView => ({
  authorization_id: row.id,
  execution_id: row.executionId,
  adapter_id: row.adapterId,
  workspace_id: row.workspaceId,
  tool: row.tool,
  decision: row.decision as ToolAuthorizationView['decision'],
  reason: row.reason,
  decision_id: row.decisionId,
  granted_scope: toolScopeIn(row.scope),
  created_at: toWire(row.createdAt),
  expires_at: toWireOrNull(row.expiresAt),
  used_at: toWireOrNull(row.usedAt),
})
