import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { modelKernel } from '@/lib/core/testing/mock-provider/sample-call'
import { NO_USAGE } from '@/lib/shared/chat'
import { plus } from '@/lib/shared/money'
import { boundCost, costAt, costOf, estimateCost, priceOf, readBook, readModelName, readNote, toldPrice } from '.'
import { cataloguedModels } from './catalogue'

const folder = mkdtempSync(join(tmpdir(), 'prices-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => void modelKernel({}))

const MINIMUM = [
  ['gpt-4', 30, 60],
  ['gpt-4-turbo', 10, 30],
  ['gpt-4o', 2.5, 10],
  ['gpt-4o-mini', 0.15, 0.6],
  ['gpt-3.5-turbo', 0.5, 1.5],
  ['claude-3-opus', 15, 75],
  ['claude-3-sonnet', 3, 15],
  ['claude-3.5-sonnet', 3, 15],
  ['claude-3-haiku', 0.25, 1.25],
] as const

it.each(MINIMUM)('%s costs %d in and %d out per million tokens', (name, input, output) => {
  const { provider, id } = readModelName(name)
  for (const model of [{ provider, id }, { provider, id: `${provider}/${id}` }, readModelName(`${provider}/${id}`)])
    expect(priceOf(model)).toMatchObject({ input: input * 1e6, output: output * 1e6, source: 'catalogue' })
})

it('what nobody knows costs 10 and 30, and says so', () => {
  expect(priceOf({ provider: 'groq', id: 'unheard-of' })).toMatchObject({
    input: 10_000_000,
    output: 30_000_000,
    source: 'fallback',
  })
})

it.each([
  ['openrouter', 'openrouter/auto', 'fallback'],
  ['openrouter', 'auto', 'fallback'],
  ['groq', 'groq/compound', 'fallback'],
  ['openrouter', 'openai/gpt-oss-20b:free', 'catalogue'],
])('a listed price of nothing or less is unknown, unless it is an offer: %s %s', (provider, id, source) => {
  expect(priceOf({ provider, id }).source).toBe(source)
})

it('every listed price is a whole number, and no bucket of a paid model is free', () => {
  for (const { provider, id } of cataloguedModels()) {
    const price = priceOf({ provider, id })
    for (const figure of [price.input, price.output, price.cacheRead, price.cacheWrite])
      expect(Number.isSafeInteger(figure) && figure >= 0).toBe(true)
    if (price.input > 0) expect(Math.min(price.cacheRead, price.cacheWrite)).toBeGreaterThan(0)
  }
})

it('cached input costs less than fresh input', () => {
  const price = priceOf({ provider: 'openai', id: 'gpt-4o' })
  const fresh = costOf(price, { ...NO_USAGE, input: 100_000 })
  const cached = costOf(price, { ...NO_USAGE, input: 60_000, cacheRead: 40_000 })
  expect([fresh, cached]).toEqual([250_000, 200_000])
})

describe('arithmetic', () => {
  const price = {
    input: 150_000,
    output: 600_000,
    cacheRead: 75_000,
    cacheWrite: 150_000,
    reasoning: 600_000,
    tiers: [],
    source: 'catalogue',
    version: '',
  } as const

  it.each([
    [{ input: 0, output: 0 }, 0],
    [{ input: 3, output: 0 }, 0],
    [{ input: 4, output: 0 }, 1],
    [{ input: 10, output: 0 }, 2],
    [{ input: 1, output: 1 }, 1],
    [{ input: 3, output: 3 }, 2],
    [{ input: 12, output: 5 }, 5],
  ])('%j costs %d: one rounding, half up', (usage, cost) => {
    expect(costOf(price, { ...NO_USAGE, ...usage })).toBe(cost)
  })

  it('does not lose a unit where floats would', () => {
    const huge = { ...price, input: 9_007_199_254_741 }
    expect(costOf(huge, { ...NO_USAGE, input: 999 })).toBe(8_998_192_055)
    expect(costOf(price, { ...NO_USAGE, input: 123_456_789_012 })).toBe(18_518_518_352)
  })

  it('a million small charges add up exactly', () => {
    const one = costOf(price, { ...NO_USAGE, input: 12, output: 5 })
    let sum = plus()
    for (let n = 0; n < 1_000_000; n++) sum = plus(sum, one)
    expect(sum).toBe(5_000_000)
  })

  it('a forecast is prompt and everything that may be answered', () => {
    expect(estimateCost(price, 1_000, 1_000)).toBe(750)
  })
})

describe('the price file', () => {
  const withFile = (content: unknown) => {
    const path = join(folder, 'prices.json')
    writeFileSync(path, JSON.stringify(content))
    modelKernel({ CLASPER_PRICES_PATH: path })
  }

  it('wins over what is known, to the millionth', () => {
    withFile({ prices: { 'openai/gpt-4o': { input: '1.000001', output: 4.35, cache_read: 0.1 } } })
    expect(priceOf({ provider: 'openai', id: 'gpt-4o' })).toMatchObject({
      input: 1_000_001,
      output: 4_350_000,
      cacheRead: 100_000,
      cacheWrite: 1_000_001,
      source: 'override',
    })
    expect(priceOf({ provider: 'openai', id: 'gpt-4o-mini' }).source).toBe('catalogue')
  })

  it('changes the version of the book', () => {
    const before = priceOf({ provider: 'openai', id: 'gpt-4o' }).version
    expect(before).toMatch(/^[0-9a-f]{12}$/)
    modelKernel({})
    expect(priceOf({ provider: 'groq', id: 'x' }).version).toBe(before)
    withFile({ version: 'q3', prices: { x: { input: 1, output: 1 } } })
    expect(priceOf({ provider: 'openai', id: 'gpt-4o' }).version).toMatch(/^q3\+[0-9a-f]{12}$/)
  })
})

describe('what the price file can say of a model', () => {
  const withPrices = (prices: object) => {
    const path = join(folder, 'more.json')
    writeFileSync(path, JSON.stringify({ version: 'x', prices }))
    modelKernel({ CLASPER_PRICES_PATH: path })
  }
  const model = { provider: 'house', id: 'm' }

  it('other rates above so many tokens of the prompt, cached ones too', () => {
    withPrices({
      'house/m': {
        input: 1,
        output: 2,
        tiers: [
          { above: 200, input: 2, output: 4 },
          { above: 1_000, input: 3, output: 6 },
        ],
      },
    })
    const price = priceOf(model)
    const cost = (usage: object) => costOf(price, { ...NO_USAGE, ...usage })
    expect([200, 201, 1_000, 1_001].map((input) => cost({ input }))).toEqual([200, 402, 2_000, 3_003])
    expect(cost({ input: 1, cacheRead: 100, cacheWrite: 100, output: 10 })).toBe(2 * 201 + 40)
    expect(estimateCost(price, 201, 10)).toBe(442)
  })

  it('thinking at a price of its own', () => {
    withPrices({ 'house/m': { input: 1, output: 2, reasoning: 5 } })
    expect(costOf(priceOf(model), { ...NO_USAGE, output: 10, reasoning: 4 })).toBe(6 * 2 + 4 * 5)
    expect(costOf(priceOf(model), { ...NO_USAGE, output: 10, reasoning: 99 })).toBe(50)
  })

  it('prices that hold from a day and until one', () => {
    withPrices({
      'house/m': [
        { input: 1, output: 1, valid_to: '2026-06-01' },
        { input: 2, output: 2, valid_from: '2026-06-01', valid_to: '2027-01-01T00:00:00+01:00' },
        { input: 9, output: 9, valid_from: '2026-07-01', valid_to: '2026-07-02' },
      ],
    })
    const at = (time: string) => priceOf(model, new Date(time))
    expect(at('2026-05-31T23:59:59.999Z').input).toBe(1e6)
    expect(at('2026-06-01T00:00:00Z').input).toBe(2e6)
    expect(at('2026-07-01T12:00:00Z').input).toBe(9e6)
    expect(at('2026-12-31T22:59:59Z').input).toBe(2e6)
    expect(at('2026-12-31T23:00:00Z')).toMatchObject({ source: 'fallback', input: 10e6 })
    expect(readBook().entries.filter(({ name }) => name === 'house/m')).toHaveLength(3)
  })

  it.each([
    [{ input: 1 }],
    [{ input: 1, output: 1, tiers: [{ above: 0, input: 1, output: 1 }] }],
    [{ input: 1, output: 1, valid_from: 'soon' }],
    [{ input: -1, output: 1 }],
    [[]],
    [{ input: 1, output: 1, surprise: 1 }],
  ])('%j is refused at the start', (entry) => {
    withPrices({ 'house/m': entry })
    expect(() => priceOf(model)).toThrow(/CLASPER_PRICES_PATH/)
  })

  it('what is held is never less than what can be charged', () => {
    withPrices({
      'house/m': { input: 1, output: 2, cache_write: 1.25, reasoning: 3, tiers: [{ above: 100, input: 2, output: 1 }] },
    })
    const price = priceOf(model)
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.nat(100), fc.nat(100), fc.nat(100), (prompt, most, a, b, c) => {
        const parts =
          a + b + c === 0 ? [prompt, 0, 0] : [a, b, c].map((part) => Math.floor((prompt * part) / (a + b + c)))
        const [input = 0, cacheRead = 0, cacheWrite = 0] = parts
        for (const reasoning of [0, Math.floor(most / 2), most])
          expect(costOf(price, { input, cacheRead, cacheWrite, output: most, reasoning })).toBeLessThanOrEqual(
            boundCost(price, prompt, most),
          )
      }),
    )
  })

  it('a note of the ledger brings back the rates', () => {
    withPrices({ 'house/m': { input: 1, output: 2, cache_read: 0.000_001 } })
    const price = priceOf(model)
    const usage = { input: 3, output: 5, cacheRead: 7, cacheWrite: 0 }
    const { version, rates } = readNote(toldPrice(price, usage))
    expect(version).toBe(price.version)
    expect(rates && costAt(rates, usage)).toBe(costOf(price, usage))
    expect(readNote('3f2a')).toEqual({ version: '3f2a', rates: null })
  })
})
