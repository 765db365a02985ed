import type { RetentionPolicy } from './contract'

// What a pass goes by; the default where a tenant has set nothing.
export type Rules = Pick<RetentionPolicy, 'retention_days' | 'sampling_strategy' | 'storage_mode' | 'legal_hold'>

export const DEFAULT_RULES: Rules = {
  retention_days: 90,
  sampling_strategy: 'full',
  storage_mode: 'full',
  legal_hold: false,
}

const DAY_MS = 86_400_000

export const cutoffOf = (rules: Rules, now: Date): number => now.getTime() - rules.retention_days * DAY_MS

export const isSameRules = (a: Rules, b: Rules): boolean =>
  a.retention_days === b.retention_days &&
  a.sampling_strategy === b.sampling_strategy &&
  a.storage_mode === b.storage_mode &&
  a.legal_hold === b.legal_hold
