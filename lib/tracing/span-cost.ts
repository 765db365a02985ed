import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import { type Price, priceOf, ratesFor, readModelName } from '@/lib/providers'
import { BUCKETS, type Bucket, type Buckets, isTold, type SpanRecord } from './span-record'

export type Prices = readonly [input: number, output: number, cacheRead: number, cacheWrite: number]

// What has no price of its own: reasoning is output, sound is what it stands for.
const PRICE_OF: Readonly<Record<Bucket, 0 | 1 | 2 | 3>> = {
  inUncached: 0,
  cacheRead: 2,
  cacheWrite: 3,
  outVisible: 1,
  reasoning: 1,
  audioIn: 0,
  audioOut: 1,
}

export type CostLine = { bucket: Bucket; tokens: number; price: number; microMillionths: bigint }

export const costLines = (usage: Buckets, prices: Prices): CostLine[] =>
  BUCKETS.flatMap((bucket) => {
    const tokens = usage[bucket]
    if (tokens === null || tokens === 0) return []
    const price = prices[PRICE_OF[bucket]]
    return [{ bucket, tokens, price, microMillionths: BigInt(tokens) * BigInt(price) }]
  })

const NANO = 1_000n
const MOST_NANO = 9_000_000_000_000_000n

// Micro-dollars per million tokens: a thousandth of them is nano-dollars. One rounding, half to even, for the sum.
export const nanoOf = (usage: Buckets, prices: Prices): bigint => {
  const exact = costLines(usage, prices).reduce((sum, line) => sum + line.microMillionths, 0n)
  const nano = halfEven(exact, NANO)
  return nano > MOST_NANO ? MOST_NANO : nano
}

export const halfEven = (amount: bigint, unit: bigint): bigint => {
  const whole = amount / unit
  const twice = (amount % unit) * 2n
  if (twice === unit) return whole + (whole % 2n)
  return twice > unit ? whole + 1n : whole
}

export const microOfNano = (nano: bigint): bigint => halfEven(nano, NANO)

// How others spell the providers of the price book.
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ...['azure.ai.openai', 'az.ai.openai', 'azure'].map((name) => [name, 'openai'] as const),
  ...['gcp.gemini', 'gcp.gen_ai', 'gcp.vertex_ai'].map((name) => [name, 'google'] as const),
  ...['vertex_ai', 'vertexai', 'gemini'].map((name) => [name, 'google'] as const),
  ...['mistral_ai', 'mistralai'].map((name) => [name, 'mistral'] as const),
  ['x_ai', 'xai'],
])

const DATED = /(?:-\d{4}-\d{2}-\d{2}|[-@]\d{8}|-latest|-\d{4}|-v\d+(?::\d+)?)$/
const FOREWORD =
  /^(?:models\/|publishers\/[^/]+\/models\/|(?:[a-z]{2,4}[.])?(?:anthropic|meta|mistral|amazon|cohere)[.])/

// The name as it is, then without its maker and its date.
const spellings = (model: string): string[] => {
  const bare = model.replace(FOREWORD, '')
  const undated = bare.replace(DATED, '')
  return [...new Set([model, bare, undated, undated.replace(DATED, '')])].filter((name) => name !== '')
}

const listed = (provider: string, model: string): Price | null => {
  const names = spellings(model)
  const asked = names.flatMap((name) => [readModelName(name, provider), readModelName(name)])
  for (const name of asked) {
    const price = priceOf(name)
    if (price.source !== 'fallback') return price
  }
  return null
}

const KNOWN = { max: 5_000 }
type Answer = { price: Price | null }

const MOST_CHARACTERS = 200

export const priceFor = (provider: string | null, model: string): Price | null => {
  if (model.length > MOST_CHARACTERS) return null
  const said = (provider ?? '').toLowerCase()
  const maker = PROVIDERS.get(said) ?? said.split('.')[0] ?? ''
  const cache = kernel().slot('tracing.span-prices', () => new LRUCache<string, Answer>(KNOWN))
  const key = `${maker} ${model}`
  const known = cache.get(key)
  if (known) return known.price
  const price = listed(maker, model)
  cache.set(key, { price })
  return price
}

const TWENTIETH = 20n

const differs = (given: bigint, computed: bigint): boolean => {
  const gap = given > computed ? given - computed : computed - given
  const more = given > computed ? given : computed
  return gap * TWENTIETH > more
}

const computed = (span: SpanRecord): Pick<SpanRecord, 'computedNanoUsd' | 'priceVersion'> & { prices?: Prices } => {
  const model = span.responseModel ?? span.requestModel
  if (model === null || !isTold(span.usage)) return { computedNanoUsd: null, priceVersion: null }
  const price =
    priceFor(span.provider, model) ?? (span.requestModel === null ? null : priceFor(span.provider, span.requestModel))
  if (price === null) return { computedNanoUsd: null, priceVersion: null }
  const { inUncached, cacheRead, cacheWrite, audioIn } = span.usage
  const prompt = (inUncached ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0) + (audioIn ?? 0)
  const rates = ratesFor(price, prompt)
  const prices: Prices = [rates.input, rates.output, rates.cacheRead, rates.cacheWrite]
  return { computedNanoUsd: nanoOf(span.usage, prices), priceVersion: price.version, prices }
}

const CALLS: ReadonlySet<string> = new Set(['inference', 'embedding'])

// These follow from the rest, so what an earlier version said of it is gone.
const DERIVED: ReadonlySet<string> = new Set(['usage_missing', 'price_missing', 'cost_differs'])

const flagsOf = (span: SpanRecord): string[] => {
  const isCall = CALLS.has(span.kind)
  const flags = span.flags.filter((flag) => !DERIVED.has(flag))
  if (isCall && !isTold(span.usage)) flags.push('usage_missing')
  if (isCall && isTold(span.usage) && span.computedNanoUsd === null) flags.push('price_missing')
  if (span.givenNanoUsd !== null && span.computedNanoUsd !== null && differs(span.givenNanoUsd, span.computedNanoUsd))
    flags.push('cost_differs')
  return [...new Set(flags)]
}

// A price once computed stays until the tokens or the model change: the book of the day is never applied in silence.
export const withCost = (span: SpanRecord, isPriced: boolean): SpanRecord => {
  if (isPriced) return { ...span, flags: flagsOf(span) }
  const { prices, ...cost } = computed(span)
  const { prices: _, ...facts } = span.facts
  const priced = { ...span, ...cost, facts: prices === undefined ? facts : { ...facts, prices } }
  return { ...priced, flags: flagsOf(priced) }
}
