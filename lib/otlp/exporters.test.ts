import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { type Project, useOtlpHouse } from '@/lib/core/testing/otlp-house'
import { uuid } from '@/lib/core/testing/otlp-spans'
import { withRoom } from './backlog'

const MESSAGES = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Weather in Paris?' }] }])
const AT = 1_790_000_000_000
// One error for all runs: where it was made is part of what is stored.
const FAILURE = new TypeError('no such place')

// An agent, its call of a model, and a tool that fails: as OpenTelemetry's own library records them.
const runAgent = async (exporter: SpanExporter): Promise<string> => {
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  const tracer = provider.getTracer('an-agent', '1.2.3')
  const under = (context: Context, name: string, attributes: Record<string, string | number | string[]>, at: number) =>
    tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes, startTime: AT + at }, context)
  const agent = under(
    ROOT_CONTEXT,
    'invoke_agent helper',
    { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'helper' },
    0,
  )
  const inside = trace.setSpan(ROOT_CONTEXT, agent)
  const chat = under(
    inside,
    'chat gpt-4o',
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.input.messages': MESSAGES,
    },
    1,
  )
  chat.end(AT + 5)
  const tool = under(
    inside,
    'execute_tool search',
    { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' },
    6,
  )
  tool.recordException(FAILURE, AT + 7)
  tool.setStatus({ code: SpanStatusCode.ERROR, message: 'failed' })
  tool.end(AT + 8)
  agent.end(AT + 9)
  await provider.forceFlush()
  await provider.shutdown()
  return agent.spanContext().traceId
}

const refusals = async (): Promise<number> => {
  const { values } = await kernel().metrics.requests.get()
  return values.reduce((sum, { labels, value }) => (labels.status === '503' ? sum + value : sum), 0)
}

const storedBy = async (project: Project, hex: string) => {
  const rows = await project.scope.db.traceSpan.findMany({ where: { traceId: uuid(hex) }, orderBy: { startNs: 'asc' } })
  return rows.map(({ traceId: _, spanId: __, parentSpanId, receivedAt: ___, ...row }) => ({
    ...row,
    hasParent: parentSpanId !== null,
    facts: JSON.parse(row.facts) as unknown,
  }))
}

describeEachDialect('the exporters of OpenTelemetry', (dialect) => {
  const house = useOtlpHouse(dialect, { OTLP_QUEUE_SPANS: '100' })

  it('deliver the same trace in both encodings, compressed or not', { timeout: 60_000 }, async () => {
    const project = await house.project()
    const headers = { authorization: `Bearer ${project.key}` }
    const url = `${house.url()}/v1/traces`
    const exporters = [
      new JsonExporter({ url, headers }),
      new JsonExporter({ url, headers, compression: 'gzip' as never }),
      new ProtoExporter({ url, headers: { 'x-clasper-key': project.key } }),
      new ProtoExporter({ url: `${house.url()}/api/otel/v1/traces`, headers, compression: 'gzip' as never }),
    ]
    const stored = []
    for (const exporter of exporters) stored.push(await storedBy(project, await runAgent(exporter)))
    expect(stored[0]).toMatchObject([
      {
        kind: 'agent',
        name: 'invoke_agent helper',
        startNs: BigInt(AT) * 1_000_000n,
        isCounting: false,
        hasParent: false,
      },
      {
        kind: 'inference',
        inUncached: 60,
        cacheRead: 40,
        outVisible: 20,
        provider: 'openai',
        isCounting: true,
        hasParent: true,
      },
      { kind: 'tool', toolName: 'search', status: 'error', errorType: 'TypeError', statusMessage: 'failed' },
    ])
    for (const spans of stored.slice(1)) expect(spans).toEqual(stored[0])
  })

  it('come again after 503, and nothing is lost or doubled', { timeout: 60_000 }, async () => {
    const project = await house.project()
    const headers = { authorization: `Bearer ${project.key}` }
    const exporter = new ProtoExporter({ url: `${house.url()}/v1/traces`, headers })
    let done: Promise<string> | null = null
    await withRoom(99, async () => {
      done = runAgent(exporter)
      await expect.poll(refusals, { timeout: 10_000 }).toBe(1)
    })
    const hex = await (done as unknown as Promise<string>)
    expect(await storedBy(project, hex)).toHaveLength(3)
    expect(await project.scope.db.ingestRollup.findMany({ where: {} })).toMatchObject([
      { outcome: 'accepted', spans: 3 },
    ])
  })
})
