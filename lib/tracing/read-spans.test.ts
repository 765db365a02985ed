import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { agentSpans, newTraceHex, START, said, spanDraft, spanHex, usageOf } from '@/lib/core/testing/sample-span'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { Trace } from './contract'
import { SpanDetail, SpanFilter, SpanPage } from './contract/spans'
import { createStepChain, getSpan, getTrace, ingestSpanEvents, ingestSpans, listSpans, stepWrites } from './index'
import type { SpanDraft } from './span-draft'
import { traceIdOf } from './span-record'

const about = { source: '/v1/traces' }
const page = (query: object = {}) => SpanFilter.parse(query)

const service = (tenant: TestTenant) => scopeOf(identityOf(tenant.id, 'admin', { plane: 'service', userId: null }))

const allPages = async (tenant: TestTenant, id: string, limit: number) => {
  const seen: SpanPage[] = []
  for (let cursor: string | null = ''; cursor !== null; cursor = seen.at(-1)?.next_cursor ?? null)
    seen.push(await listSpans(tenant.scope, id, page({ limit, ...(cursor === '' ? {} : { cursor }) })))
  return seen
}

const CANARY = 'canary of the otter'

const told = (hex: string): SpanDraft[] => {
  const [agent, chat, tool] = agentSpans(hex) as [SpanDraft, SpanDraft, SpanDraft]
  return [
    { ...agent, status: { ...agent.status, message: CANARY } },
    {
      ...chat,
      name: `chat about the ${CANARY} and more of it`,
      content: { ...chat.content, system: CANARY, input: [said('user', CANARY)], output: [said('assistant', CANARY)] },
      attributes: { 'gen_ai.input.messages': CANARY.repeat(100), plain: CANARY },
      resource: { 'service.name': CANARY, 'host.name': 'laptop-of-ann', 'process.command_line': 'run --key x' },
      events: [{ name: 'exception', timeNs: START, attributes: { message: CANARY } }],
      model: { ...chat.model, params: { temperature: 0.5, stop: CANARY } },
      givenNanoUsd: 1_000_000n,
    },
    { ...tool, tool: { ...tool.tool, arguments: { q: CANARY }, result: CANARY } },
    spanDraft(hex, 9, {
      name: `execute_tool ${CANARY}`,
      kind: 'tool',
      parentSpanId: spanHex(1),
      tool: { name: CANARY.replaceAll(' ', '_') },
      status: { code: 'error', message: CANARY },
    }),
  ]
}

describeEachDialect('spans as they are read', (dialect) => {
  useKernel(dialect)

  it('one says what it holds, where it comes from and why it costs what it costs', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    await ingestSpans(tenant.scope, told(hex), about)
    const { span } = await getSpan(tenant.scope, traceIdOf(hex), spanHex(2).toUpperCase())
    expect(SpanDetail.parse(span)).toEqual(span)
    expect(span).toMatchObject({
      content: { system: CANARY, input_messages: [said('user', CANARY)], output_messages: [said('assistant', CANARY)] },
      mapped_by: { kind: 'gen_ai.operation.name' },
      attributes: { 'gen_ai.input.messages': CANARY.repeat(100), plain: CANARY },
      resource: { 'service.name': CANARY },
      usage: { in_uncached: 100, cache_read: 40, out_visible: 15, reasoning: 5, cache_write: null },
      cost: { given_nano_usd: 1_000_000, computed_nano_usd: 500_000 },
      flags: ['cost_differs'],
      cost_micro_usd: 1000,
      scope: { name: 'test', version: '1', schema_url: '' },
      withheld: false,
    })
    expect(span.resource).toEqual({ 'service.name': CANARY })
    expect(span.cost.why.map(({ bucket, cost_micro_usd }) => [bucket, cost_micro_usd])).toEqual([
      ['in_uncached', 250],
      ['cache_read', 50],
      ['out_visible', 150],
      ['reasoning', 50],
    ])
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'trace_revealed', entityId: traceIdOf(hex) })
    const audits = (await tenant.audits()).length
    await getSpan(service(tenant), traceIdOf(hex), spanHex(2))
    expect(await tenant.audits()).toHaveLength(audits)
  })

  it('below reveal no text leaves the server', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    await ingestSpans(tenant.scope, told(hex), about)
    await ingestSpanEvents(
      tenant.scope,
      [
        {
          ...{ traceId: hex, spanId: spanHex(2), name: 'gen_ai.user.message', timeNs: START },
          ...{
            attributes: { a: CANARY },
            body: CANARY,
            content: { system: null, input: [said('user', CANARY)], output: [] },
          },
        },
      ],
      { source: '/v1/logs' },
    )
    const viewer = tenant.as('viewer')
    const list = await listSpans(viewer, traceIdOf(hex), page())
    const details = await Promise.all(list.spans.map(({ id }) => getSpan(viewer, traceIdOf(hex), id)))
    const trace = await getTrace(viewer, traceIdOf(hex))
    expect(JSON.stringify([list, details, trace])).not.toMatch(/canary/i)
    expect(details.every(({ span }) => span.withheld && span.content === null)).toBe(true)
    expect(list.spans.map(({ name, tool_name }) => [name, tool_name])).toEqual([
      ['invoke_agent helper', null],
      ['inference', null],
      ['execute_tool look', 'look'],
      ['tool [withheld]', '[withheld]'],
    ])
    expect((await tenant.audits()).filter(({ eventType }) => eventType === 'trace_revealed')).toEqual([])
  })

  it('a tool that a model was offered has its name, also where it failed', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const failed = spanDraft(hex, 2, {
      kind: 'tool',
      tool: { name: 'dig' },
      name: 'execute_tool dig',
      status: { code: 'error' },
    })
    const offered = spanDraft(hex, 1, {
      kind: 'inference',
      content: { toolDefinitions: [{ function: { name: 'dig' } }] },
    })
    await ingestSpans(tenant.scope, [failed], about)
    const asViewer = async () => (await listSpans(tenant.as('viewer'), traceIdOf(hex), page())).spans.at(-1)?.tool_name
    expect(await asViewer()).toBe('[withheld]')
    await ingestSpans(tenant.scope, [offered], about)
    expect(await asViewer()).toBe('dig')
  })

  it('those of a foreign tenant are not known', async () => {
    const [a, b] = await twoTenants()
    const hex = newTraceHex()
    await ingestSpans(a.scope, agentSpans(hex), about)
    for (const ask of [
      () => listSpans(b.scope, traceIdOf(hex), page()),
      () => getSpan(b.scope, traceIdOf(hex), spanHex(1)),
      () => getSpan(a.scope, traceIdOf(hex), spanHex(77)),
      () => listSpans(a.scope, traceIdOf(newTraceHex()), page()),
    ])
      await expect(ask()).rejects.toMatchObject({ code: 'not_found' })
  })

  it('twenty thousand are read in pages, each once', { timeout: 120_000 }, async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const at = (n: number) => START + BigInt(n % 50)
    const spans = Array.from({ length: 20_000 }, (_, n) =>
      spanDraft(hex, n + 1, { parentSpanId: n === 0 ? null : spanHex(1), startNs: at(n), endNs: at(n) }),
    )
    expect(await ingestSpans(tenant.scope, spans, about)).toMatchObject({ accepted: 20_000 })
    const pages = await allPages(tenant, traceIdOf(hex), 3_000)
    expect(pages.map(({ spans: { length } }) => length)).toEqual([...Array(6).fill(3_000), 2_000])
    expect(pages.every(({ total }) => total === 20_000)).toBe(true)
    const rows = pages.flatMap((one) => one.spans)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(20_000)
    expect(rows.every((row, n) => n === 0 || BigInt(row.start_ns) >= BigInt(rows[n - 1]?.start_ns ?? 0))).toBe(true)
    expect((await getTrace(tenant.scope, traceIdOf(hex))).trace).toMatchObject({ span_count: 20_000 })
  })

  it('where no root came there is one made', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const [, chat, tool] = agentSpans(hex) as [SpanDraft, SpanDraft, SpanDraft]
    await ingestSpans(tenant.scope, [chat, tool], about)
    const pages = await allPages(tenant, traceIdOf(hex), 1)
    expect(pages.map(({ spans }) => spans.map(({ id, is_synthetic }) => [id, is_synthetic]))).toEqual([
      [[spanHex(1), true]],
      [[spanHex(2), false]],
      [[spanHex(3), false]],
    ])
    expect(pages[0]?.total).toBe(3)
    const { span } = await getSpan(tenant.scope, traceIdOf(hex), spanHex(1))
    expect(SpanDetail.parse(span)).toMatchObject({ flags: ['root_missing'], is_synthetic: true })
    const other = spanDraft(hex, 5, { parentSpanId: spanHex(99) })
    await ingestSpans(tenant.scope, [other], about)
    const named = (await listSpans(tenant.scope, traceIdOf(hex), page())).spans[0]
    expect(named).toMatchObject({ id: hex.slice(16), is_synthetic: true })
    await ingestSpans(tenant.scope, agentSpans(hex).slice(0, 1), about)
    const whole = await listSpans(tenant.scope, traceIdOf(hex), page())
    expect([whole.total, whole.spans.some(({ is_synthetic }) => is_synthetic)]).toEqual([4, false])
  })

  it('logs tell what spans leave out, whichever came first', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const event = (n: number, role: 'user' | 'assistant', text: string) => ({
      ...{ traceId: hex, spanId: spanHex(2), name: `gen_ai.${role}.message`, timeNs: START + BigInt(n) },
      ...{ attributes: { 'gen_ai.system': 'openai' }, body: { content: text } },
      content: {
        system: null,
        input: role === 'user' ? [said(role, text)] : [],
        output: role === 'assistant' ? [said(role, text)] : [],
      },
    })
    const source = { source: '/v1/logs' }
    const first = event(1, 'user', 'mail ann@example.com')
    expect(await ingestSpanEvents(tenant.scope, [first, first], source)).toMatchObject({
      ...{ accepted: 1, duplicates: 1, rejected: [] },
    })
    await ingestSpans(tenant.scope, [spanDraft(hex, 2, { kind: 'inference' })], about)
    expect(await ingestSpanEvents(tenant.scope, [event(2, 'assistant', 'done'), first], source)).toMatchObject({
      accepted: 1,
    })
    const { span } = await getSpan(tenant.scope, traceIdOf(hex), spanHex(2))
    expect(span.content).toMatchObject({
      input_messages: [said('user', 'mail [EMAIL]')],
      output_messages: [said('assistant', 'done')],
    })
    expect(span.events.map(({ name }) => name)).toEqual(['gen_ai.user.message', 'gen_ai.assistant.message'])
  })

  it('a trace of spans is told in steps like a run', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    await ingestSpans(tenant.scope, agentSpans(hex), about)
    const { trace } = await getTrace(tenant.scope, traceIdOf(hex))
    expect(Trace.parse(trace)).toEqual(trace)
    expect(trace).toMatchObject({
      input: { message: 'Where is the otter?' },
      output: { message: 'At sea.', tool_calls: [{ id: 'c1', name: 'look', success: true }] },
      redacted_prompt: 'Be kind.',
    })
    expect(trace.steps.map(({ type }) => type)).toEqual(['llm_call', 'tool_call', 'tool_result'])
    expect(trace.steps[0]?.data).toMatchObject({ model: 'gpt-4o-2024-08-06', input_tokens: 140, output_tokens: 20 })
    const bare = (await getTrace(tenant.as('viewer'), traceIdOf(hex))).trace
    expect(bare.output.tool_calls).toMatchObject([{ name: 'look' }])
    expect(JSON.stringify(bare)).not.toMatch(/otter|At sea|Be kind/)
  })

  it('a run of ours is told in spans like a trace', async () => {
    const tenant = await newTenant()
    const chain = createStepChain(tenant.scope.redaction)
    const at = new Date('2026-03-01T12:00:00.000Z')
    const call = { model: 'gpt-4o', provider: 'openai', input_tokens: 100, cache_read_tokens: 40, output_tokens: 7 }
    chain.add('llm_call', at, 10, { ...call, outcome: 'ok', attempt_id: 'x', text: CANARY })
    chain.add('tool_call', new Date(at.getTime() + 10), 0, {
      tool_call_id: 'c',
      tool_name: 'task_list',
      arguments: { q: CANARY },
      permitted: true,
    })
    chain.add('tool_result', new Date(at.getTime() + 15), 5, {
      tool_call_id: 'c',
      tool_name: 'task_list',
      success: true,
      result: CANARY,
    })
    const steps = chain.take()
    const id = await putTrace(tenant.id, { inputs: { message: CANARY, tools: [{ name: 'task_list' }] }, stepCount: 3 })
    await tenant.scope.command({ audit: [], writes: stepWrites(id, steps) })
    const pages = await allPages(tenant, id, 2)
    expect(SpanPage.parse(pages[0])).toEqual(pages[0])
    const rows = pages.flatMap(({ spans }) => spans)
    expect(rows.map(({ kind, tool_name }) => [kind, tool_name]).sort()).toEqual([
      ['agent', null],
      ['inference', null],
      ['tool', 'task_list'],
    ])
    const root = rows.find(({ kind }) => kind === 'agent')
    expect(rows.filter(({ parent_id }) => parent_id === root?.id)).toHaveLength(2)
    const model = rows.find(({ kind }) => kind === 'inference')
    expect(model).toMatchObject({ tokens: { in_uncached: 60, cache_read: 40, out_visible: 7 }, is_synthetic: true })
    const { span } = await getSpan(tenant.scope, id, rows.find(({ kind }) => kind === 'tool')?.id ?? '')
    expect(SpanDetail.parse(span)).toMatchObject({ tool: { call_id: 'c', arguments: { q: CANARY }, result: CANARY } })
    const viewer = tenant.as('viewer')
    const bare = await Promise.all(rows.map((row) => getSpan(viewer, id, row.id)))
    expect(JSON.stringify([bare, await listSpans(viewer, id, page())])).not.toMatch(/canary/)
  })

  it('money and tokens of counting spans are those of the trace', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const [agent, chat] = agentSpans(hex) as [SpanDraft, SpanDraft]
    const inner = { ...chat, spanId: spanHex(5), parentSpanId: chat.spanId, usage: usageOf({ inUncached: 9 }) }
    await ingestSpans(tenant.scope, [agent, chat, inner], about)
    const { spans } = await listSpans(tenant.scope, traceIdOf(hex), page())
    expect(spans.filter(({ is_counting }) => is_counting).map(({ id }) => id)).toEqual([spanHex(5)])
    expect((await getTrace(tenant.scope, traceIdOf(hex))).trace.usage).toMatchObject({ input_tokens: 9 })
  })
})
