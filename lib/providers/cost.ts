import type { Usage } from '@/lib/shared/chat'
import { type MicroUsd, microUsd } from '@/lib/shared/money'
import { MICRO, type Price } from './price-book'

const PER = BigInt(MICRO)
const MOST = BigInt(Number.MAX_SAFE_INTEGER)

// One rounding, half up, for the whole sum.
const rounded = (total: bigint): MicroUsd => {
  const amount = (total + PER / 2n) / PER
  return microUsd(amount > MOST ? MOST : amount)
}

// What was called is booked, whatever its figures look like: a price never fails.
const whole = (figure: number): bigint => {
  if (Number.isNaN(figure) || figure <= 0) return 0n
  return figure >= Number.MAX_SAFE_INTEGER ? MOST : BigInt(Math.ceil(figure))
}

const part = (tokens: number, price: number): bigint => whole(tokens) * whole(price)

export const costOf = (price: Price, usage: Usage): MicroUsd =>
  rounded(
    part(usage.input, price.input) +
      part(usage.output, price.output) +
      part(usage.cacheRead, price.cacheRead) +
      part(usage.cacheWrite, price.cacheWrite),
  )

// What a call may cost: its prompt and everything that it is allowed to answer.
export const estimateCost = (price: Price, promptTokens: number, maxOutputTokens: number): MicroUsd =>
  rounded(part(promptTokens, price.input) + part(maxOutputTokens, price.output))
