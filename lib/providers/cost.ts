import type { Usage } from '@/lib/shared/chat'
import { type MicroUsd, microUsd } from '@/lib/shared/money'
import { MICRO, type Price } from './price-book'

const PER = BigInt(MICRO)

// One rounding, half up, for the whole sum.
const rounded = (total: bigint): MicroUsd => microUsd((total + PER / 2n) / PER)

const part = (tokens: number, price: number): bigint => BigInt(tokens) * BigInt(price)

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
