import type { PinSet } from '@/lib/workspace'
import type { Candidate } from './candidate'
import type { Extras } from './checks/check'
import type { Check } from './contract'
import type { Gate } from './contract/gates'
import type { PromotionRow } from './store'

// What stands in the JSON columns of a promotion. It is written here alone, so it is read as it was written.
export type StoredCandidate = Candidate & { next: PinSet }
export type StoredGates = { gate: Gate; loosened: readonly string[]; announce: string | null; asksApproval: boolean }
export type StoredChecks = {
  // Who runs them now, and until when that counts.
  run: string | null
  until: string | null
  items: Check[]
  extras: Extras
}

const read = <T>(value: unknown): T => (typeof value === 'string' ? JSON.parse(value) : value) as T

export const candidateIn = ({ candidate }: Pick<PromotionRow, 'candidate'>): StoredCandidate => read(candidate)
export const gatesOf = ({ gates }: Pick<PromotionRow, 'gates'>): StoredGates => read(gates)
export const checksIn = ({ checks }: Pick<PromotionRow, 'checks'>): StoredChecks => read(checks)
export const beforeIn = ({ targetBefore }: Pick<PromotionRow, 'targetBefore'>): PinSet | null =>
  read<{ set: PinSet | null } | null>(targetBefore)?.set ?? null
