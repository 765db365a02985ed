import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withAttributes } from '@/lib/core/testing/raw-span'
import type { SpanUsage } from '@/lib/tracing'
import { normalise } from './normalise'
import { countTokens, NOTHING_SAID, type UsageSaid } from './usage'

const BUCKETS = ['inUncached', 'cacheRead', 'cacheWrite', 'outVisible', 'reasoning', 'audioIn', 'audioOut'] as const

const sumOf = (usage: SpanUsage): number => BUCKETS.reduce((sum, name) => sum + (usage[name] ?? 0), 0)

const inclusive = (over: Partial<UsageSaid>): UsageSaid => ({ ...NOTHING_SAID, style: 'inclusive', ...over })

describe('tokens', () => {
  const cases: [string, Partial<UsageSaid>, Partial<SpanUsage>, string[]][] = [
    ['inclusive', { input: 100, cacheRead: 40, output: 20, reasoning: 5 }, { inUncached: 60, outVisible: 15 }, []],
    [
      'with its total',
      { input: 100, cacheRead: 40, output: 20, total: 120 },
      { inUncached: 60, reportedTotal: 120 },
      [],
    ],
    [
      'exclusive by its total',
      { input: 100, cacheRead: 40, output: 20, total: 160 },
      { inUncached: 100 },
      ['exclusive_usage'],
    ],
    [
      'exclusive by its size',
      { input: 10, cacheRead: 500, cacheWrite: 7, output: 3 },
      { inUncached: 10, cacheRead: 500 },
      ['exclusive_usage'],
    ],
    [
      'a total that fits nothing',
      { input: 100, output: 20, total: 999 },
      { inUncached: 100, reportedTotal: 999 },
      ['total_mismatch'],
    ],
    [
      'reasoning beside output',
      { input: 10, output: 5, reasoning: 9 },
      { outVisible: 5, reasoning: 9 },
      ['exclusive_reasoning'],
    ],
    [
      'reasoning beside output, by its total',
      { input: 10, output: 9, reasoning: 5, total: 24 },
      { outVisible: 9, reasoning: 5 },
      [],
    ],
    ['sound taken out', { input: 100, cacheRead: 40, audioIn: 20, output: 5 }, { inUncached: 40, audioIn: 20 }, []],
    ['sound that is too much', { input: 10, audioIn: 30 }, { inUncached: 0, audioIn: 10 }, ['audio_mismatch']],
    ['a total alone', { total: 12 }, { inUncached: null, outVisible: null, reportedTotal: 12 }, []],
    ['nothing is not zero', { input: 5 }, { inUncached: 5, cacheRead: null, outVisible: null }, []],
  ]
  it.each(cases)('%s', (_, said, usage, flags) => {
    const counted = countTokens(inclusive(said))
    expect(counted).toMatchObject({ usage, flags })
    expect(counted.flags).toEqual(flags)
  })

  it('that are disjoint stay so unless their total says otherwise', () => {
    const said: UsageSaid = { ...NOTHING_SAID, style: 'disjoint', input: 60, cacheRead: 40, output: 15, reasoning: 5 }
    const as = (more: Partial<UsageSaid>) => countTokens({ ...said, ...more })
    expect(as({ total: 120 })).toMatchObject({ usage: { inUncached: 60, outVisible: 15 }, flags: [] })
    expect(as({ total: null })).toMatchObject({ usage: { inUncached: 60, outVisible: 15 }, flags: [] })
    expect(as({ total: 75 })).toMatchObject({ usage: { inUncached: 20, outVisible: 10 }, flags: [] })
    expect(as({ total: 1 })).toMatchObject({ usage: { inUncached: 60 }, flags: ['total_mismatch'] })
  })

  it('of a span that says nothing are null', () => {
    expect(normalise(withAttributes({ 'gen_ai.request.model': 'm' })).usage).toBeNull()
    for (const odd of [-5, 1.5, 'many', Number.NaN, 3e9, true, null, [5]])
      expect(normalise(withAttributes({ 'gen_ai.usage.input_tokens': odd })).usage).toBeNull()
    expect(normalise(withAttributes({ 'gen_ai.usage.input_tokens': '12' })).usage).toMatchObject({ inUncached: 12 })
  })

  it('of two accounts are made one where they agree, and kept apart where not', () => {
    const ai = { 'ai.usage.inputTokens': 100, 'ai.usage.cachedInputTokens': 40, 'ai.usage.outputTokens': 20 }
    const both = (input: number) =>
      normalise(withAttributes({ ...ai, 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': 20 }))
    expect(both(100).usage).toMatchObject({ inUncached: 60, cacheRead: 40 })
    expect(both(100).mappedBy['usage']).toBe('gen_ai.usage.* + ai.usage.*')
    expect(both(99).usage).toMatchObject({ inUncached: 99, cacheRead: null })
  })
})

const tokens = fc.option(fc.nat({ max: 100_000 }), { nil: null })
const said = fc.record<UsageSaid>({
  style: fc.constantFrom('inclusive', 'disjoint'),
  input: tokens,
  output: tokens,
  cacheRead: tokens,
  cacheWrite: tokens,
  reasoning: tokens,
  audioIn: tokens,
  audioOut: tokens,
  total: tokens,
})

describe('whatever is said of tokens', () => {
  it('no bucket is below zero, and none is made of nothing', () => {
    fc.assert(
      fc.property(said, (usage) => {
        const counted = countTokens(usage).usage
        for (const name of BUCKETS) expect(counted[name] ?? 0).toBeGreaterThanOrEqual(0)
        expect(counted.cacheRead).toBe(usage.cacheRead)
        expect(counted.reasoning).toBe(usage.reasoning)
        if (usage.input === null) expect(counted.inUncached).toBeNull()
        if (usage.output === null) expect(counted.outVisible).toBeNull()
      }),
    )
  })

  it('buckets add up to the total, or a flag says that they do not', () => {
    fc.assert(
      fc.property(said, (usage) => {
        const { usage: counted, flags } = countTokens(usage)
        const isBare = BUCKETS.every((name) => counted[name] === null)
        if (usage.total === null || isBare || flags.includes('total_mismatch')) return
        expect(sumOf(counted)).toBe(usage.total)
      }),
    )
  })

  it('the parts of an inclusive account never cost more than the whole without a flag', () => {
    fc.assert(
      fc.property(said, (usage) => {
        const { usage: counted, flags } = countTokens({ ...usage, style: 'inclusive' })
        if (flags.length > 0 || usage.input === null || usage.output === null || usage.total !== null) return
        expect(sumOf(counted)).toBe(usage.input + usage.output)
      }),
    )
  })

  it('cached tokens never make a call dearer while they are cheaper than others', () => {
    const prices = fc
      .tuple(fc.nat({ max: 1_000 }), fc.nat({ max: 1_000 }))
      .map(([a, b]) => [Math.max(a, b), Math.min(a, b)] as const)
    fc.assert(
      fc.property(said, prices, (usage, [fresh, cached]) => {
        const { usage: counted, flags } = countTokens({ ...usage, style: 'inclusive', total: null })
        if (flags.length > 0 || usage.input === null) return
        const cost =
          (counted.inUncached ?? 0) * fresh +
          ((counted.cacheRead ?? 0) + (counted.cacheWrite ?? 0)) * cached +
          (counted.audioIn ?? 0) * fresh
        expect(cost).toBeLessThanOrEqual(usage.input * fresh)
      }),
    )
  })
})
