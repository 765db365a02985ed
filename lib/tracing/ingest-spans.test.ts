import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { agentSpans, newTraceHex, START, spanDraft, spanHex, usageOf } from '@/lib/core/testing/sample-span'
import { ingestSpans } from './ingest-spans'
import type { SpanDraft } from './span-draft'
import { traceIdOf } from './span-record'

const about = { source: '/v1/traces' }

const traceOf = (tenant: TestTenant, hex: string) =>
  tenant.scope.db.trace.findUnique({ where: { tenantId_id: { tenantId: tenant.id, id: traceIdOf(hex) } } })

const spansOf = (tenant: TestTenant, hex: string) =>
  tenant.scope.db.traceSpan.findMany({ where: { traceId: traceIdOf(hex) }, orderBy: { startNs: 'asc' } })

const sumsOf = async (tenant: TestTenant) => {
  const rows = await tenant.scope.db.traceRollup.findMany({ where: {} })
  const keys = ['traces', 'inputTokens', 'outputTokens', 'cacheReadTokens', 'costMicroUsd', 'toolCalls'] as const
  return Object.fromEntries(keys.map((key) => [key, rows.reduce((sum, row) => sum + Number(row[key]), 0)]))
}

const shuffled = <T>(items: readonly T[], seed: number): T[] => {
  let state = seed
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state
  }
  return items
    .map((item) => [next(), item] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, item]) => item)
}

// A trace as a real one: agents with calls and tools, some nested, some with roll-ups alone.
const bigTrace = (hex: string, agents: number): SpanDraft[] => [
  spanDraft(hex, 1, {
    name: 'root',
    kind: 'workflow',
    grouping: { sessionId: 'whole' },
    endNs: START + 9_000_000_000n,
  }),
  ...Array.from({ length: agents }, (_, at) => {
    const spans = agentSpans(hex, 10 + at * 3)
    const [agent, ...below] = spans as [SpanDraft, ...SpanDraft[]]
    const under = { ...agent, parentSpanId: spanHex(1) }
    return at % 4 === 0 ? [under, ...below.slice(1)] : [under, ...below]
  }).flat(),
]

describeEachDialect('spans of others', (dialect) => {
  useKernel(dialect)

  it('make a trace that lists and sums know', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    expect(await ingestSpans(tenant.scope, agentSpans(hex), about)).toEqual({
      accepted: 3,
      duplicates: 0,
      rejected: [],
    })
    expect(await traceOf(tenant, hex)).toMatchObject({
      origin: 'otlp',
      kind: 'external',
      executionId: traceIdOf(hex),
      name: 'invoke_agent helper',
      status: 'success',
      agentRole: 'helper',
      sessionKey: 's1',
      userId: 'u1',
      environment: 'staging',
      provider: 'openai',
      model: 'gpt-4o-2024-08-06',
      inputTokens: 100,
      cacheReadTokens: 40,
      outputTokens: 20,
      reasoningTokens: 5,
      // 100 × 2.5 + 40 × 1.25 + 20 × 10 dollars per million
      costMicroUsd: 500n,
      spanCount: 3,
      toolCallCount: 1,
      durationMs: 10,
    })
    expect((await spansOf(tenant, hex)).map(({ isCounting }) => isCounting)).toEqual([false, true, false])
    expect(await sumsOf(tenant)).toMatchObject({ traces: 1, inputTokens: 100, costMicroUsd: 500, toolCalls: 1 })
    const text = await tenant.scope.db.traceText.findFirst({ where: { traceId: traceIdOf(hex) } })
    expect(text?.text).toBe('Where is the otter?\nAt sea.')
  })

  it('the same batch twice changes nothing', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const batch = () => agentSpans(hex).map((span) => ({ ...span, flags: ['usage_missing', 'clock_skew'] }))
    await ingestSpans(tenant.scope, batch(), about)
    const before = [await traceOf(tenant, hex), await spansOf(tenant, hex), await sumsOf(tenant)]
    const again = await ingestSpans(tenant.scope, [...batch(), ...batch()], about)
    expect(again).toEqual({ accepted: 0, duplicates: 6, rejected: [] })
    expect([await traceOf(tenant, hex), await spansOf(tenant, hex), await sumsOf(tenant)]).toEqual(before)
  })

  it('a late child takes the count from a roll-up', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const [agent, chat] = agentSpans(hex) as [SpanDraft, SpanDraft]
    await ingestSpans(tenant.scope, [agent], about)
    expect(await traceOf(tenant, hex)).toMatchObject({ inputTokens: 100, outputTokens: 20, cacheReadTokens: 0 })
    expect((await spansOf(tenant, hex)).map(({ isCounting }) => isCounting)).toEqual([true])
    await ingestSpans(tenant.scope, [chat], about)
    expect(await traceOf(tenant, hex)).toMatchObject({ inputTokens: 100, outputTokens: 20, cacheReadTokens: 40 })
    expect((await spansOf(tenant, hex)).map(({ isCounting }) => isCounting)).toEqual([false, true])
    expect(await sumsOf(tenant)).toMatchObject({ traces: 1, inputTokens: 100, outputTokens: 20, cacheReadTokens: 40 })
  })

  it('a later version adds and never takes away', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const [, chat] = agentSpans(hex) as [SpanDraft, SpanDraft]
    const early = { ...chat, endNs: null, usage: null, status: { ...chat.status, code: 'unset' as const } }
    const late = { ...chat, content: { ...chat.content, input: [], output: [], system: null }, attributes: { more: 1 } }
    for (const versions of [
      [early, late],
      [late, early],
    ]) {
      const own = newTraceHex()
      for (const version of versions) await ingestSpans(tenant.scope, [{ ...version, traceId: own }], about)
      const [span] = await spansOf(tenant, own)
      expect(span).toMatchObject({ endNs: chat.endNs, inUncached: 100, status: 'ok', isCounting: true, flags: '[]' })
      expect(JSON.parse(span?.facts ?? '')).toMatchObject({ attributes: { n: 2, more: 1 } })
      expect(JSON.parse(span?.content ?? '')).toMatchObject({ system: ['Be kind.'], output: [expect.anything()] })
      expect(await traceOf(tenant, own)).toMatchObject({ inputTokens: 100, spanCount: 1 })
    }
  })

  it('two tenants with one id have two traces', async () => {
    const [a, b] = await twoTenants()
    const hex = newTraceHex()
    await ingestSpans(a.scope, agentSpans(hex), about)
    await ingestSpans(b.scope, [spanDraft(hex, 1, { name: 'other' })], about)
    expect(await traceOf(a, hex)).toMatchObject({ spanCount: 3 })
    expect(await traceOf(b, hex)).toMatchObject({ spanCount: 1, name: 'other' })
  })

  it('twenty batches at once, in any order, sum up as one', { timeout: 60_000 }, async () => {
    const tenant = await newTenant()
    const [calm, wild] = [newTraceHex(), newTraceHex()]
    await ingestSpans(tenant.scope, bigTrace(calm, 60), about)
    const once = await sumsOf(tenant)
    const spans = shuffled(bigTrace(wild, 60), 7)
    const batches = Array.from({ length: 20 }, (_, at) => spans.filter((_, n) => n % 20 === at))
    await Promise.all(batches.map((batch) => ingestSpans(tenant.scope, batch, about)))
    const same = ({
      id: _,
      executionId: __,
      lastStepHash: ___,
      leaseUntil: ____,
      ...rest
    }: object & Record<string, unknown>) => rest
    expect(same((await traceOf(tenant, wild)) ?? {})).toEqual(same((await traceOf(tenant, calm)) ?? {}))
    const counting = async (hex: string) =>
      (await spansOf(tenant, hex)).filter((span) => span.isCounting).map((s) => s.spanId)
    expect(await counting(wild)).toEqual(await counting(calm))
    const twice = await sumsOf(tenant)
    expect(twice).toEqual(Object.fromEntries(Object.entries(once).map(([key, value]) => [key, value * 2])))
  })

  it('a run of ours is not told what it did', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    await ingestSpans(tenant.scope, agentSpans(hex), about)
    await kernel().db.writer.transaction(null, ({ client }) =>
      client.trace.updateMany({ where: { tenantId: tenant.id }, data: { origin: 'run' } }),
    )
    const reply = await ingestSpans(tenant.scope, [spanDraft(hex, 9), spanDraft(newTraceHex(), 1)], about)
    expect(reply).toEqual({ accepted: 1, duplicates: 0, rejected: [{ spanId: spanHex(9), reason: 'own_run' }] })
    expect(await spansOf(tenant, hex)).toHaveLength(3)
  })

  it('figures of nonsense do no harm', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const odd = spanDraft(hex, 1, {
      kind: 'inference',
      name: 'x\u0000y',
      startNs: 0n,
      endNs: 2n ** 64n,
      usage: usageOf({ inUncached: Number.NaN, outVisible: -1, cacheRead: 1e300, reasoning: 1.4 }),
      attributes: {
        ['__proto__']: { a: 1 },
        half: '\ud83d',
        nul: '\u0000',
        nan: Number.NaN,
        big: 2n ** 70n,
      },
      model: { provider: 'nobody', request: 'unheard-of' },
    })
    const circle = [2, 3].map((n) => spanDraft(hex, n, { parentSpanId: spanHex(n === 2 ? 3 : 2) }))
    expect(await ingestSpans(tenant.scope, [odd, ...circle], about)).toMatchObject({ accepted: 3 })
    expect(await ingestSpans(tenant.scope, [odd, ...circle], about)).toMatchObject({ accepted: 0, duplicates: 3 })
    const span = (await spansOf(tenant, hex)).find(({ spanId }) => spanId === odd.spanId)
    expect(span).toMatchObject({ inUncached: null, outVisible: null, cacheRead: 2_000_000_000, reasoning: 1 })
    expect(JSON.parse(span?.flags ?? '')).toContain('price_missing')
    expect(span?.computedNanoUsd).toBeNull()
  })
})
