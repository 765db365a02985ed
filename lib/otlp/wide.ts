import type { Long } from './messages'

const HIGH = 4_294_967_296

// Whole numbers of 64 bits: a number where that is exact, digits where it is not.
export const wholeOf = (value: Long | number): number | string => {
  if (typeof value === 'number') return value
  const near = value.high * HIGH + (value.low >>> 0)
  return Number.isSafeInteger(near) ? near : String(BigInt.asIntN(64, bitsOf(value)))
}

const bitsOf = ({ low, high }: Long): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)

export const nanosOf = (value: Long | number | null | undefined): bigint => {
  if (value === null || value === undefined) return 0n
  if (typeof value !== 'number') return bitsOf(value)
  return Number.isFinite(value) && value > 0 ? BigInt(Math.trunc(value)) : 0n
}

// The latest moment that a column holds.
export const LAST_NS = 2n ** 63n - 1n

export const inRange = (ns: bigint): bigint => {
  if (ns > LAST_NS) return LAST_NS
  return ns
}
