import manifest from '@/package.json'

export const VERSION: string = manifest.version
export const CONTRACT_VERSION = '1.1.0'
// What works. Names that the specification gives to later parts appear with them.
export const FEATURES = [
  ...['agent_runs', 'streaming', 'idempotency', 'tools', 'smart_context', 'compact', 'llm_task', 'webhooks'],
  ...['control_plane_versioning', 'cost_forecasting', 'risk_scoring', 'usage_ledger', 'redaction'],
  ...['audit_proofs', 'live_events', 'jobs', 'api_keys', 'rbac', 'multi_tenant'],
] as const
