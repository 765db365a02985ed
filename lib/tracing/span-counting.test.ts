import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CountedSpan, countingSpans } from './span-counting'

type Over = Partial<CountedSpan>

const span = (spanId: string, parentSpanId: string | null, kind: string, over: Over = {}): CountedSpan => ({
  ...{ spanId, parentSpanId, kind, startNs: 0n, endNs: 10n, responseId: null, hasUsage: true },
  ...over,
})

const counted = (...spans: CountedSpan[]): string[] => [...countingSpans(spans)].sort()

describe('what counts', () => {
  it.each([
    ['a call below an agent', [span('a', null, 'agent'), span('c', 'a', 'inference')], ['c']],
    ['an agent far away that says it all', [span('a', null, 'agent')], ['a']],
    [
      'an agent whose calls are silent',
      [span('a', null, 'agent'), span('c', 'a', 'inference', { hasUsage: false })],
      ['a'],
    ],
    ['the inner of two agents', [span('a', null, 'agent'), span('b', 'a', 'agent')], ['b']],
    [
      'two agents side by side',
      [span('r', null, 'workflow'), span('a', 'r', 'agent'), span('b', 'r', 'agent')],
      ['a', 'b'],
    ],
    ['a call seen twice, without names', [span('o', null, 'inference'), span('i', 'o', 'inference')], ['i']],
    [
      'a call seen twice, with one name',
      [span('o', null, 'inference', { responseId: 'r' }), span('i', 'o', 'inference', { responseId: 'r' })],
      ['i'],
    ],
    [
      'a call within a call that is another one',
      [span('o', null, 'inference', { responseId: 'r' }), span('i', 'o', 'inference', { responseId: 's' })],
      ['i', 'o'],
    ],
    [
      'one answer seen side by side',
      [
        span('x', null, 'inference', { responseId: 'r' }),
        span('y', null, 'inference', { responseId: 'r', startNs: 1n }),
      ],
      ['y'],
    ],
    [
      'answers of one name, one after the other',
      [
        span('x', null, 'inference', { responseId: 'r' }),
        span('y', null, 'inference', { responseId: 'r', startNs: 10n, endNs: 20n }),
      ],
      ['x', 'y'],
    ],
    [
      'an agent as a tool of a call',
      [span('o', null, 'inference'), span('t', 'o', 'agent', { hasUsage: false }), span('i', 't', 'inference')],
      ['i', 'o'],
    ],
    ['ancestors of each other', [span('a', 'b', 'inference'), span('b', 'a', 'inference')], ['a', 'b']],
    ['itself as its parent', [span('a', 'a', 'agent')], ['a']],
    ['nothing that says nothing', [span('a', null, 'inference', { hasUsage: false })], []],
  ] as const)('%s', (_, spans, expected) => {
    expect(counted(...spans)).toEqual(expected)
  })

  it('is quick on a chain of fifty thousand', () => {
    const chain = Array.from({ length: 50_000 }, (_, n) => span(`${n}`, n === 0 ? null : `${n - 1}`, 'inference'))
    const began = performance.now()
    expect(counted(...chain)).toEqual(['49999'])
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

const Spans = fc
  .array(
    fc.record({
      parent: fc.integer({ min: -1, max: 11 }),
      kind: fc.constantFrom('inference', 'embedding', 'agent', 'workflow', 'tool', 'step'),
      start: fc.integer({ min: 0, max: 5 }),
      responseId: fc.constantFrom(null, 'r', 's'),
      hasUsage: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(({ parent, kind, start, responseId, hasUsage }, n) =>
      span(`${n}`, parent < 0 ? null : `${parent}`, kind, {
        startNs: BigInt(start),
        endNs: BigInt(start + 3),
        responseId,
        hasUsage,
      }),
    ),
  )

describe('for any trace', () => {
  it('the order that spans come in is nothing', () => {
    fc.assert(
      fc.property(Spans, fc.infiniteStream(fc.integer({ min: 0, max: 1_000 })), (spans, order) => {
        const keys = [...order.take(spans.length)]
        const mixed = spans.map((one, at) => [keys[at] ?? 0, one] as const).sort((a, b) => a[0] - b[0])
        expect(counted(...mixed.map(([, one]) => one))).toEqual(counted(...spans))
      }),
    )
  })

  it('only what speaks counts, something counts where anything speaks, and no roll-up above another', () => {
    fc.assert(
      fc.property(Spans, (spans) => {
        const counting = countingSpans(spans)
        const speaking = spans.filter(({ hasUsage }) => hasUsage)
        expect([...counting].every((id) => speaking.some(({ spanId }) => spanId === id))).toBe(true)
        expect(counting.size > 0).toBe(speaking.length > 0)
      }),
    )
  })
})
