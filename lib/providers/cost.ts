import type { Usage } from '@/lib/shared/chat'
import { type MicroUsd, microUsd } from '@/lib/shared/money'
import { noteRates, type Price, type Rates, ratesFor } from './price'
import { MICRO } from './price-book'

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

export type CostLine = { bucket: keyof Rates; tokens: number; rate: number; millionths: bigint }

const promptOf = ({ input, cacheRead, cacheWrite }: Usage): number => input + cacheRead + cacheWrite

/** Tokens times rate, bucket by bucket; of the output, what was thought stands apart. */
export const linesOf = (rates: Rates, usage: Usage): CostLine[] => {
  const thought = Math.min(usage.reasoning ?? 0, usage.output)
  const tokens: Rates = { ...usage, output: usage.output - thought, reasoning: thought }
  const buckets = ['input', 'output', 'cacheRead', 'cacheWrite', 'reasoning'] as const
  return buckets.map((bucket) => {
    const [count, rate] = [whole(tokens[bucket]), whole(rates[bucket])]
    return { bucket, tokens: Number(count), rate: Number(rate), millionths: count * rate }
  })
}

const summed = (rates: Rates, usage: Usage): MicroUsd =>
  rounded(linesOf(rates, usage).reduce((sum, { millionths }) => sum + millionths, 0n))

/** By the rates themselves, as a line of the ledger tells them. */
export const costAt = summed

export const costOf = (price: Price, usage: Usage): MicroUsd => summed(ratesFor(price, promptOf(usage)), usage)

/** What the ledger keeps of the price of a call: enough to count it again when the book says something else. */
export const toldPrice = (price: Price, usage: Usage): string =>
  noteRates(price.version, ratesFor(price, promptOf(usage)))

// What a call may cost: its prompt and everything that it is allowed to answer.
export const estimateCost = (price: Price, promptTokens: number, maxOutputTokens: number): MicroUsd =>
  costOf(price, { input: promptTokens, output: maxOutputTokens, cacheRead: 0, cacheWrite: 0 })

/** What a call can cost at most: providers choose how much of a prompt they write to a cache, and what is thought. */
export const boundCost = (price: Price, promptTokens: number, maxOutputTokens: number): MicroUsd => {
  const reached: Rates[] = [price, ...price.tiers.filter(({ above }) => promptTokens > above)]
  const most = (pick: (rates: Rates) => number): number => Math.max(...reached.map(pick))
  const input = most((rates) => Math.max(rates.input, rates.cacheRead, rates.cacheWrite))
  const output = most((rates) => Math.max(rates.output, rates.reasoning))
  return rounded(whole(promptTokens) * whole(input) + whole(maxOutputTokens) * whole(output))
}
