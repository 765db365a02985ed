import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stableJson } from '@/lib/shared/stable-json'
import { costLines, halfEven, nanoOf, type Prices } from './span-cost'
import { mergeSpans } from './span-merge'
import { BUCKETS, type Buckets, NO_BUCKETS, type SpanRecord } from './span-record'
import { lightOf } from './span-state'
import { totalsOf } from './span-totals'

const WHOLE: SpanRecord = {
  ...{ traceId: 't', spanId: 's', parentSpanId: 'p', name: 'chat', kind: 'inference', startNs: 5n, endNs: 9n },
  ...{ status: 'ok', errorType: null, statusMessage: 'm', provider: 'openai', requestModel: 'a', responseModel: 'b' },
  ...{ toolName: 'x', toolCallId: 'c', responseId: 'r', usage: { ...NO_BUCKETS, inUncached: 1, outVisible: 2 } },
  ...{ givenNanoUsd: 7n, computedNanoUsd: null, priceVersion: null, dialect: 'gen_ai', flags: ['a'] },
  facts: { attributes: { a: 1, b: { c: 2 } }, grouping: { session: 's', user: 'u' }, mapped_by: [['rule']] },
  content: { system: ['be kind'], input: [['one'], 'hash'] },
}

const NOTHING: SpanRecord = {
  ...WHOLE,
  ...{ parentSpanId: null, name: '', kind: 'step', endNs: null, status: 'unset', statusMessage: null, provider: null },
  ...{ requestModel: null, responseModel: null, toolName: null, toolCallId: null, responseId: null, usage: null },
  ...{ givenNanoUsd: null, flags: [], facts: {}, content: {} },
}

// A version that says only some of it.
const Half = fc.record({ keep: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }) }).map(({ keep }) => {
  const half: Record<string, unknown> = { ...NOTHING }
  Object.keys(NOTHING).forEach((key, at) => {
    if (keep[at % keep.length]) half[key] = WHOLE[key as keyof SpanRecord]
  })
  return half as SpanRecord
})

const alike = (span: SpanRecord): string => stableJson({ ...span, flags: [...span.flags].sort() })

describe('versions of one span', () => {
  it('a half version takes nothing away, before or after', () => {
    fc.assert(
      fc.property(Half, (half) => {
        expect(alike(mergeSpans(WHOLE, half))).toBe(alike(WHOLE))
        expect(alike(mergeSpans(half, WHOLE))).toBe(alike(WHOLE))
      }),
    )
  })

  it('halves add up to the same in any order', () => {
    fc.assert(
      fc.property(Half, Half, (a, b) => {
        expect(alike(mergeSpans(a, b))).toBe(alike(mergeSpans(b, a)))
      }),
    )
  })

  it('the one that saw more of the span has the last word', () => {
    const early = { ...WHOLE, endNs: 6n, usage: { ...NO_BUCKETS, inUncached: 100 }, responseModel: 'old' }
    for (const merged of [mergeSpans(early, WHOLE), mergeSpans(WHOLE, early)])
      expect(merged).toMatchObject({ endNs: 9n, responseModel: 'b', usage: { inUncached: 1, outVisible: 2 } })
    const corrected = { ...WHOLE, usage: { ...NO_BUCKETS, inUncached: 80 } }
    expect(mergeSpans(WHOLE, corrected).usage).toMatchObject({ inUncached: 80 })
  })

  it('a span that comes again and again with other words does not grow without end', () => {
    let span = WHOLE
    for (let n = 0; n < 40; n++)
      span = mergeSpans(span, {
        ...WHOLE,
        facts: { attributes: { [`k${n}`]: ['x'.repeat(100_000)] }, mapped_by: [[`rule ${n}`]] },
      })
    expect(JSON.stringify(span.facts).length).toBeLessThan(1_100_000)
    expect(Object.keys(span.facts.attributes ?? {})).toContain('k39')
    expect(span.facts.mapped_by?.length).toBeLessThan(40)
  })

  it('a name of a prototype is a name', () => {
    const odd = JSON.parse('{"__proto__": {"a": 1}}') as Record<string, unknown>
    const merged = mergeSpans(WHOLE, { ...WHOLE, facts: { attributes: odd } })
    expect(JSON.stringify(merged.facts.attributes)).toBe('{"a":1,"b":{"c":2},"__proto__":{"a":1}}')
    expect(({} as { a?: number }).a).toBeUndefined()
  })
})

const Tokens = fc.option(fc.integer({ min: 0, max: 5_000_000 }), { nil: null })
const Usage = fc.record(Object.fromEntries(BUCKETS.map((name) => [name, Tokens]))) as fc.Arbitrary<Buckets>
const Price = fc.integer({ min: 0, max: 200_000_000 })
const PriceList = fc.tuple(Price, Price, Price, Price) as fc.Arbitrary<Prices>

const sum = (usage: Buckets): number => BUCKETS.reduce((all, name) => all + (usage[name] ?? 0), 0)

describe('what tokens cost', () => {
  it('the lines name every token once and add up to the cost', () => {
    fc.assert(
      fc.property(Usage, PriceList, (usage, prices) => {
        const lines = costLines(usage, prices)
        expect(lines.reduce((all, { tokens }) => all + tokens, 0)).toBe(sum(usage))
        expect(nanoOf(usage, prices)).toBe(
          halfEven(
            lines.reduce((all, line) => all + line.microMillionths, 0n),
            1_000n,
          ),
        )
      }),
    )
  })

  it('from a cache they never cost more than fresh, where a cache is not dearer', () => {
    fc.assert(
      fc.property(Usage, PriceList, (usage, [input, output, read, write]) => {
        const fresh = { ...usage, inUncached: (usage.inUncached ?? 0) + (usage.cacheRead ?? 0), cacheRead: null }
        const prices: Prices = [input, output, Math.min(read, input), write]
        expect(nanoOf(usage, prices) <= nanoOf(fresh, prices)).toBe(true)
      }),
    )
  })

  it.each([
    [5n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 2n],
    [16n, 10n, 2n],
    [14n, 10n, 1n],
  ])('%s by %s is %s: half goes to even', (amount, unit, expected) => {
    expect(halfEven(amount, unit)).toBe(expected)
  })
})

describe('totals of a trace', () => {
  const Light = fc
    .array(fc.tuple(Usage, fc.integer({ min: 0, max: 9 }), fc.boolean()), { minLength: 1, maxLength: 10 })
    .map((all) =>
      all.map(([usage, parent, isCall], n) =>
        lightOf(
          {
            ...WHOLE,
            ...{ spanId: `${n}`, parentSpanId: n === 0 ? null : `${Math.min(parent, n - 1)}`, responseId: null },
            ...{ kind: isCall ? 'inference' : 'agent', usage, givenNanoUsd: null, computedNanoUsd: BigInt(n) * 777n },
          },
          false,
        ),
      ),
    )

  it('are those of the spans that count, each token once', () => {
    fc.assert(
      fc.property(Light, (spans) => {
        const all = totalsOf(spans)
        const counting = spans.filter(({ spanId }) => all?.counting.has(spanId))
        const totals = all?.totals
        const told =
          (totals?.inputTokens ?? 0) +
          (totals?.cacheReadTokens ?? 0) +
          (totals?.cacheWriteTokens ?? 0) +
          (totals?.outputTokens ?? 0)
        expect(told).toBe(counting.reduce((tokens, { usage }) => tokens + (usage === null ? 0 : sum(usage)), 0))
        expect(totalsOf([...spans].reverse())).toEqual(all)
      }),
    )
  })
})
