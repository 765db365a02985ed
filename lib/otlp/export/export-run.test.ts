import { afterAll, beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { useAgentHouse } from '@/lib/core/testing/agent-house'
import { collectedSpans, startCollector } from '@/lib/core/testing/collector'
import { describeEachDialect } from '@/lib/core/testing/database'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { exportRunJob } from '@/lib/jobs/export-run'
import { jobScope } from '@/lib/jobs/job-scope'
import { createWorker } from '@/lib/jobs/worker'
import { EXPORT_JOB } from '@/lib/otlp'
import { endInterrupted } from '@/lib/runtime'

const collector = await startCollector()
afterAll(() => collector.close())

const ENDPOINT = {
  OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
  OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b, x-two=2',
}
const SECRET = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH'

const worker = createWorker({ jobs: [exportRunJob], name: 'w', random: () => 0.5 })
const turn = async () => {
  const count = await worker.look()
  await worker.idle()
  return count
}

const jobsOf = (tenantId: string) => systemDb().job.findMany({ where: { tenantId, kind: EXPORT_JOB } })

const STEPS = [
  {
    text: 'Let me look.',
    toolCalls: [
      { id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } },
      { id: 'c2', name: 'tell_everybody_of_the_plum', arguments: { of: 'the plum' } },
    ],
    usage: { input: 100, output: 20 },
  },
  { text: 'The plum was sent on Tuesday.', usage: { input: 180, output: 30, cached: 100 } },
] as const

describeEachDialect('a finished run', (dialect) => {
  const house = useAgentHouse(dialect, { env: ENDPOINT })
  beforeEach(() => {
    house.provider.reset()
    collector.received.length = 0
  })

  const ran = async () => {
    const tenant = house.tenant()
    house.provider.script(...STEPS)
    const { status, body } = await tenant.json('send', tenant.say(`Where is the plum? ${SECRET}`))
    expect(status).toBe(200)
    return { tenant, id: String(body['trace_id']) }
  }

  it('leaves after its commit, as the conventions say it, and without a word of its texts', async () => {
    const { tenant, id } = await ran()
    expect(collector.received).toEqual([])
    expect(await turn()).toBe(1)
    const [sent] = collector.received
    expect(sent?.url).toBe('/v1/traces')
    expect(sent?.headers).toMatchObject({ 'content-type': 'application/x-protobuf', 'x-key': 'a b', 'x-two': '2' })
    const { resource, schemaUrl, spans } = collectedSpans(sent?.bytes ?? Buffer.alloc(0))
    expect(resource).toMatchObject({ 'service.name': 'clasper' })
    expect(schemaUrl).toBe('https://opentelemetry.io/schemas/gen-ai/1.42.0')
    const root = spans.find(({ parent }) => parent === '') ?? expect.unreachable()
    expect(root).toMatchObject({ name: 'invoke_agent agent', kind: 1, status: 1, trace: id.replaceAll('-', '') })
    const common = {
      ...{ 'session.id': 'user:u1:agent', 'gen_ai.conversation.id': 'user:u1:agent', 'user.id': 'u1' },
      ...{ 'clasper.run_id': id, 'clasper.tenant': tenant.id, 'gen_ai.agent.name': 'agent' },
    }
    for (const span of spans) {
      expect(span.attributes).toMatchObject(common)
      expect(span.parent).toBe(span === root ? '' : root.id)
      expect(BigInt(span.end) >= BigInt(span.start)).toBe(true)
    }
    const calls = spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat')
    expect(calls).toHaveLength(2)
    expect(calls.map(({ kind }) => kind)).toEqual([3, 3])
    expect(
      calls.find(({ attributes }) => attributes['gen_ai.usage.cache_read.input_tokens'] === 100)?.attributes,
    ).toMatchObject({
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.usage.cache_read.input_tokens': 100,
      'gen_ai.usage.output_tokens': 30,
      'clasper.usage.in_uncached': 180,
      'gen_ai.usage.input_tokens': 280,
      'clasper.cost.nano_usd': expect.any(Number),
    })
    const tools = spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'execute_tool')
    expect(tools).toHaveLength(2)
    expect(tools.map(({ attributes }) => attributes['gen_ai.tool.name'])).toContain('order_lookup')
    const failed = tools.find(({ attributes }) => attributes['gen_ai.tool.name'] !== 'order_lookup')
    expect(failed).toMatchObject({ status: 2, message: '' })
    expect(String(sent?.bytes)).not.toMatch(/plum|Tuesday|1001|sk-proj/)
  })

  it('costs the caller nothing when nobody collects, and is told again until somebody does', async () => {
    collector.answer(503, 500)
    const { tenant, id } = await ran()
    await turn()
    const [job] = await jobsOf(tenant.id)
    expect(job).toMatchObject({ status: 'queued', attempts: 1, payload: { trace_id: id } })
    expect(job?.lastError).toContain('503')
    const { tenant: other } = await ran()
    await turn()
    expect(await jobsOf(other.id)).toMatchObject([{ status: 'dead', attempts: 1 }])
  })

  it('is told when it failed, too', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ status: 400, body: '{"error":{"message":"the plum is bad"}}' }))
    await tenant.json('send', tenant.say('broken'))
    await turn()
    const { spans } = collectedSpans(collector.received[0]?.bytes ?? Buffer.alloc(0))
    expect(spans.find(({ parent }) => parent === '')).toMatchObject({ status: 2, message: '' })
    expect(String(collector.received[0]?.bytes)).not.toContain('plum')
  })
})

describeEachDialect('a finished run and a collector that is not there', (dialect) => {
  const house = useAgentHouse(dialect, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' } })

  it('is answered as ever, also where its server died', async () => {
    const tenant = house.tenant()
    expect((await tenant.json('send', tenant.say('hello'))).status).toBe(200)
    await turn()
    expect(await jobsOf(tenant.id)).toMatchObject([{ status: 'queued', attempts: 1 }])
    const scope = jobScope('test', tenant.id)
    const id = await recordRun(scope, { isRunning: true })
    expect(await endInterrupted(scope, id)).toBe(true)
    expect((await jobsOf(tenant.id)).map(({ payload }) => payload)).toContainEqual({ trace_id: id })
  })
})

describeEachDialect('a finished run whose texts may leave', (dialect) => {
  const house = useAgentHouse(dialect, {
    env: {
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      CLASPER_OTEL_CONTENT: '1',
      OTEL_SERVICE_NAME: 'desk',
    },
  })

  it('leaves with them, masked, in JSON', async () => {
    collector.received.length = 0
    const tenant = house.tenant()
    house.provider.script(...STEPS)
    await tenant.json('send', tenant.say(`Where is the plum? ${SECRET}`))
    await turn()
    const [sent] = collector.received
    expect(sent?.headers['content-type']).toBe('application/json')
    const text = String(sent?.bytes)
    expect(text).not.toContain(SECRET)
    expect(text).toMatch(/Where is the plum/)
    expect(text).toMatch(/The plum was sent on Tuesday/)
    expect(text).toMatch(/"gen_ai.tool.call.arguments","value":\{"stringValue":"\{\\"order_id\\":\\"1001\\"\}"/)
    const [group] = (JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] })
      .resourceSpans
    for (const span of group?.scopeSpans[0]?.spans ?? expect.unreachable())
      expect(span).toMatchObject({
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
        startTimeUnixNano: expect.stringMatching(/^\d{19}$/),
      })
  })
})

describeEachDialect('a finished run that nobody asked for', (dialect) => {
  const house = useAgentHouse(dialect)

  it('leaves no trace of an export', async () => {
    const tenant = house.tenant()
    await tenant.json('send', tenant.say('hello'))
    expect(await jobsOf(tenant.id)).toEqual([])
  })
})
