import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { hexId, jsonBytes, PROTO_TYPE, useOtlpHouse } from '@/lib/core/testing/otlp-house'
import { chat, idsToBytes, int, type Plain, requestOf, START, text, uuid } from '@/lib/core/testing/otlp-spans'
import { getSpan } from '@/lib/tracing'
import { LogsRequest, MetricsRequest, RESPONSES } from './messages'

const logsOf = (...records: Plain[]): Plain => ({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] })

const logBytes = (request: Plain): Uint8Array =>
  LogsRequest.encode(LogsRequest.fromObject(idsToBytes(request) as object)).finish()

const kv = (values: Plain): Plain => ({
  kvlistValue: {
    values: Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: String(value) } })),
  },
})

const asked = (traceId: string, spanId: string, over: Plain = {}): Plain => ({
  traceId,
  spanId,
  timeUnixNano: String(START),
  eventName: 'gen_ai.user.message',
  body: kv({ content: 'Weather in Paris?' }),
  ...over,
})

describeEachDialect('POST /v1/logs', (dialect) => {
  const house = useOtlpHouse(dialect)
  const path = '/v1/logs'

  it('joins what events say to their span, whichever comes first, in both encodings', async () => {
    for (const encoding of ['json', 'protobuf'] as const)
      for (const isFirst of [true, false]) {
        const project = await house.project()
        const [id, spanId] = [hexId(16), hexId(8)]
        const span = jsonBytes(requestOf(chat(id, { spanId })))
        const details = {
          ...asked(id, spanId),
          timeUnixNano: String(START + 5n),
          eventName: '',
          body: null,
          attributes: [
            text('event.name', 'gen_ai.client.inference.operation.details'),
            text('gen_ai.output.messages', JSON.stringify([{ role: 'assistant', content: 'Sunny' }])),
          ],
        }
        const request = logsOf(asked(id, spanId), details)
        const body = encoding === 'json' ? jsonBytes(request) : logBytes(request)
        const headers = encoding === 'json' ? {} : PROTO_TYPE
        if (!isFirst) await house.post(project.key, span)
        const reply = await house.post(project.key, body, { path, headers })
        expect([reply.status, reply.bytes.byteLength]).toEqual([200, encoding === 'json' ? 2 : 0])
        if (isFirst) await house.post(project.key, span)
        const { span: shown } = await getSpan(project.scope, uuid(id), spanId)
        expect(JSON.stringify(shown)).toContain('Weather in Paris?')
        expect(JSON.stringify(shown)).toContain('Sunny')
      }
  })

  it('takes the same event twice as one', async () => {
    const project = await house.project()
    const body = jsonBytes(logsOf(asked(hexId(16), hexId(8))))
    for (let time = 0; time < 2; time++) expect((await house.post(project.key, body, { path })).status).toBe(200)
    expect(await project.scope.db.spanEvent.findMany({ where: {} })).toHaveLength(1)
  })

  it('refuses other records by count, and says why', async () => {
    const project = await house.project()
    const [id, spanId] = [hexId(16), hexId(8)]
    const records = [
      asked(id, spanId),
      asked(id, spanId, { eventName: '', body: { stringValue: 'a line' } }),
      asked('', ''),
      asked(id, spanId, { attributes: { a: 1 } }),
    ]
    const reply = await house.post(project.key, jsonBytes(logsOf(...records)), { path })
    expect(reply.status).toBe(200)
    const partial = reply.json()['partialSuccess'] as { rejectedLogRecords: string; errorMessage: string }
    expect(partial.rejectedLogRecords).toBe('3')
    expect(partial.errorMessage).toMatch(/^3 of 4 log records rejected/)
    for (const words of ['only gen_ai', 'names no span', 'form of an OTLP log record'])
      expect(partial.errorMessage).toContain(words)
    expect(await project.scope.db.spanEvent.findMany({ where: {} })).toHaveLength(1)
  })

  it('keeps tenants apart', async () => {
    const [a, b] = [await house.project(), await house.project()]
    const [id, spanId] = [hexId(16), hexId(8)]
    await house.post(a.key, jsonBytes(requestOf(chat(id, { spanId }))))
    await house.post(b.key, jsonBytes(logsOf(asked(id, spanId))), { path })
    const { span } = await getSpan(a.scope, uuid(id), spanId)
    expect(JSON.stringify(span)).not.toContain('Weather')
    expect((await house.post(null, jsonBytes(logsOf()), { path })).status).toBe(401)
    const reader = await house.project(['read'])
    expect((await house.post(reader.key, jsonBytes(logsOf()), { path })).status).toBe(403)
  })

  it('is content with nothing and refuses what is no request', async () => {
    const project = await house.project()
    expect((await house.post(project.key, Buffer.from('{}'), { path })).bytes.toString()).toBe('{}')
    expect((await house.post(project.key, new Uint8Array(), { path, headers: PROTO_TYPE })).status).toBe(200)
    expect((await house.post(project.key, Buffer.from('nothing'), { path })).status).toBe(400)
    expect((await house.post(project.key, Buffer.from([10, 200]), { path, headers: PROTO_TYPE })).status).toBe(400)
  })
})

describeEachDialect('POST /v1/metrics', (dialect) => {
  const house = useOtlpHouse(dialect)
  const path = '/v1/metrics'
  const point = { timeUnixNano: String(START), asInt: '5', attributes: [int('a', 1)] }
  const metrics = [
    { name: 'gen_ai.client.token.usage', sum: { dataPoints: [point, point] } },
    { name: 'up', gauge: { dataPoints: [point] } },
  ]
  const request = { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }

  it('reads the points, keeps none and says so', async () => {
    const project = await house.project()
    const reply = await house.post(project.key, jsonBytes(request), { path })
    expect([reply.status, reply.json()]).toEqual([
      200,
      { partialSuccess: { rejectedDataPoints: '3', errorMessage: expect.stringMatching(/metrics are not stored/) } },
    ])
    const bytes = MetricsRequest.encode(MetricsRequest.fromObject(request)).finish()
    const proto = await house.post(project.key, bytes, { path, headers: PROTO_TYPE })
    expect(RESPONSES.metrics.decode(proto.bytes)).toMatchObject({
      partialSuccess: { rejectedDataPoints: { low: 3 }, errorMessage: expect.stringMatching(/not stored/) },
    })
    expect((await house.post(project.key, Buffer.from('{}'), { path })).bytes.toString()).toBe('{}')
    expect((await house.post(project.key, Buffer.from('x'), { path })).status).toBe(400)
    expect((await house.post(null, jsonBytes(request), { path })).status).toBe(401)
  })
})
