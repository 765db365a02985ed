import manifest from '@/package.json'

export const VERSION: string = manifest.version
export const CONTRACT_VERSION = '1.1.0'
export const FEATURES = ['audit_proofs', 'live_events', 'jobs', 'api_keys', 'rbac', 'multi_tenant'] as const
