import type { PinSet } from '@/lib/workspace'
import type { Candidate } from './candidate'
import type { Extras } from './checks/check'
import type { Annotation, Check } from './contract'
import type { Gate } from './contract/gates'
import type { PromotionRow } from './store'

// What stands in the JSON columns of a promotion. It is written here alone, so it is read as it was written.
export type StoredCandidate = Candidate & {
  next: PinSet
  // People who put something else into it than was asked for first.
  alsoAskedBy?: readonly string[]
}
export type StoredGates = {
  gate: Gate
  loosened: readonly string[]
  announce: string | null
  asksApproval: boolean
  // Why it is executed, where whoever said so does not wait for its checks.
  annotation?: Annotation
}
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

/** The people whose word on it does not count: whoever asked for what it is now, or for what it was before. */
export const askersOf = (row: Pick<PromotionRow, 'candidate' | 'requestedById'>): string[] => [
  ...(row.requestedById === null ? [] : [row.requestedById]),
  ...(candidateIn(row).alsoAskedBy ?? []),
]
