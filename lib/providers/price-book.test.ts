import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { modelKernel } from '@/lib/core/testing/mock-provider/sample-call'
import { NO_USAGE } from '@/lib/shared/chat'
import { plus } from '@/lib/shared/money'
import { costOf, estimateCost, priceOf, readModelName } from '.'
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
