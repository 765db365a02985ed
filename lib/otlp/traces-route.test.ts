import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import {
  GZIP,
  hexId,
  JSON_TYPE,
  jsonBytes,
  type OtlpReply,
  PROTO_TYPE,
  useOtlpHouse,
  zipped,
} from '@/lib/core/testing/otlp-house'
import { chat, int, type Plain, protoBytes, requestOf, rowsOf, START, text } from '@/lib/core/testing/otlp-spans'
import { LogsRequest, RESPONSES } from './messages'

const partialOf = (reply: OtlpReply) =>
  reply.json()['partialSuccess'] as { rejectedSpans: string; errorMessage: string }

describeEachDialect('POST /v1/traces', (dialect) => {
  const house = useOtlpHouse(dialect)

  it('takes each encoding, compressed or not, with a length or without, and stores the same', async () => {
    const project = await house.project()
    const stored: unknown[] = []
    for (const encoding of ['json', 'protobuf'] as const)
      for (const isZipped of [false, true])
        for (const isChunked of [false, true]) {
          const id = hexId(16)
          const spanId = '00000000000000aa'
          const body = requestOf(chat(id, { spanId }))
          const plain = encoding === 'json' ? jsonBytes(body) : protoBytes(body)
          const reply = await house.post(project.key, isZipped ? zipped(plain) : plain, {
            headers: { ...(encoding === 'json' ? JSON_TYPE : PROTO_TYPE), ...(isZipped ? GZIP : {}) },
            isChunked,
          })
          expect(reply.status).toBe(200)
          expect(reply.headers['content-type']).toBe(
            encoding === 'json' ? 'application/json' : 'application/x-protobuf',
          )
          expect(reply.bytes.toString()).toBe(encoding === 'json' ? '{}' : '')
          const rows = await rowsOf(project, id)
          expect(rows).toHaveLength(1)
          stored.push(
            rows.map(({ traceId: _, receivedAt: __, facts, ...row }) => ({ ...row, facts: JSON.parse(facts) })),
          )
        }
    for (const rows of stored) expect(rows).toEqual(stored[0])
    expect(stored[0]).toMatchObject([{ startNs: START, inUncached: 100, outVisible: 20, kind: 'inference' }])
  })

  it('reads ids in capitals as the same ids', async () => {
    const project = await house.project()
    const id = hexId(16)
    const spanId = 'ab00000000000000'
    await house.post(project.key, jsonBytes(requestOf(chat(id, { spanId }))))
    const again = requestOf(chat(id.toUpperCase(), { spanId: spanId.toUpperCase() }))
    expect((await house.post(project.key, jsonBytes(again))).status).toBe(200)
    expect(await rowsOf(project, id)).toHaveLength(1)
  })

  it('takes times as text, exact to the nanosecond, and as numbers', async () => {
    const project = await house.project()
    const [a, b] = [hexId(16), hexId(16)]
    await house.post(project.key, jsonBytes(requestOf(chat(a, { startTimeUnixNano: '1790000000000000001' }))))
    const asNumber = JSON.stringify(requestOf(chat(b, { startTimeUnixNano: 7 }))).replace(
      ':7,',
      ':1790000000000000001,',
    )
    expect((await house.post(project.key, Buffer.from(asNumber))).status).toBe(200)
    expect(await rowsOf(project, a)).toMatchObject([{ startNs: 1_790_000_000_000_000_001n }])
    expect((await rowsOf(project, b))[0]?.startNs).toBeGreaterThan(1_789_999_999_999_000_000n)
  })

  it('keeps whole numbers of 64 bits whole', async () => {
    const project = await house.project()
    const id = hexId(16)
    const spans = [chat(id, { attributes: [int('big', '9007199254740993'), int('low', '-9223372036854775808')] })]
    for (const [body, headers] of [
      [jsonBytes(requestOf(...spans)), JSON_TYPE],
      [protoBytes(requestOf(...spans)), PROTO_TYPE],
    ] as const)
      expect((await house.post(project.key, body, { headers })).status).toBe(200)
    const [row] = await rowsOf(project, id)
    expect(row?.facts).toContain('9007199254740993')
    expect(row?.facts).toContain('-9223372036854775808')
  })

  it('ignores what it does not know', async () => {
    const project = await house.project()
    const id = hexId(16)
    const known = requestOf({ ...chat(id), newThing: { a: [1] } })
    expect((await house.post(project.key, jsonBytes({ ...known, more: 1 }))).status).toBe(200)
    // Field 99, a text, after the request.
    const unknown = Buffer.concat([protoBytes(requestOf(chat(id))), Buffer.from([0x9a, 0x06, 0x02, 0x68, 0x69])])
    expect((await house.post(project.key, unknown, { headers: PROTO_TYPE })).status).toBe(200)
    expect(await rowsOf(project, id)).toHaveLength(2)
  })

  it('is content with nothing', async () => {
    const project = await house.project()
    for (const body of ['{}', '{"resourceSpans":[]}', '{"resourceSpans":[{"scopeSpans":[]}]}']) {
      const reply = await house.post(project.key, Buffer.from(body))
      expect([reply.status, reply.bytes.toString()]).toEqual([200, '{}'])
    }
    const empty = await house.post(project.key, new Uint8Array(), { headers: PROTO_TYPE })
    expect([empty.status, empty.bytes.byteLength]).toEqual([200, 0])
  })

  it('keeps 99 of 100 and says where the other one stands', async () => {
    const project = await house.project()
    const id = hexId(16)
    const spans = Array.from({ length: 100 }, (_, at) => chat(id, at === 17 ? { spanId: 'abcd' } : {}))
    const sentence =
      '1 of 100 spans rejected: 1× span_id must be 8 bytes (hex 16 chars) and not zero, first at resourceSpans[0].scopeSpans[0].spans[17]'
    const reply = await house.post(project.key, jsonBytes(requestOf(...spans)))
    expect(reply.status).toBe(200)
    expect(partialOf(reply)).toEqual({ rejectedSpans: '1', errorMessage: sentence })
    expect(await rowsOf(project, id)).toHaveLength(99)
    const proto = await house.post(project.key, protoBytes(requestOf(...spans)), { headers: PROTO_TYPE })
    const { partialSuccess } = RESPONSES.traces.decode(proto.bytes) as {
      partialSuccess: { rejectedSpans: { low: number }; errorMessage: string }
    }
    expect(partialSuccess).toMatchObject({ rejectedSpans: { low: 1 }, errorMessage: sentence })
    const counts = await project.scope.db.ingestRollup.findMany({ where: { outcome: 'rejected' } })
    expect(counts).toMatchObject([{ source: '/v1/traces', reason: 'span_id', spans: 2 }])
  })

  it('says of every bad span what is bad about it', async () => {
    const project = await house.project()
    const id = hexId(16)
    const day = 86_400_000_000_000n
    const cases: [Plain, RegExp][] = [
      [{ traceId: '0'.repeat(32) }, /trace_id must be 16 bytes/],
      [{ traceId: 'no hex at all' }, /trace_id must be 16 bytes/],
      [{ spanId: '0'.repeat(16) }, /span_id must be 8 bytes/],
      [{ name: '', startTimeUnixNano: '0' }, /name or a start time/],
      [{ endTimeUnixNano: String(START - day - 1n) }, /24 h before/],
      [{ startTimeUnixNano: '18446744073709551615' }, /out of range/],
      [{ attributes: { 'gen_ai.system': 'openai' } }, /not an object/],
      [{ attributes: [{ name: 'key', value: 'v' }] }, /must be a list of/],
      [{ attributes: [text('huge', 'x'.repeat(1_100_000))] }, /larger than 1 MiB/],
      [{ events: 'none' }, /form of an OTLP span/],
    ]
    for (const [fault, pattern] of cases) {
      const reply = await house.post(project.key, jsonBytes(requestOf(chat(id), chat(id, fault))))
      expect(reply.status).toBe(200)
      expect(partialOf(reply)).toMatchObject({ rejectedSpans: '1', errorMessage: expect.stringMatching(pattern) })
      expect(partialOf(reply).errorMessage).toContain('spans[1]')
    }
    expect(await rowsOf(project, id)).toHaveLength(cases.length)
    const none = await house.post(project.key, jsonBytes(requestOf(chat('ab'), chat('cd'))))
    expect([none.status, partialOf(none).rejectedSpans]).toEqual([200, '2'])
  })

  it('takes what is only odd, and flags it', async () => {
    const project = await house.project()
    const cases: [Plain, string][] = [
      [{ startTimeUnixNano: '0', endTimeUnixNano: '0' }, 'start_missing'],
      [{ endTimeUnixNano: String(START - 1_000n) }, 'end_before_start'],
      [{ attributes: Array.from({ length: 1_100 }, (_, at) => int(`k${at}`, at)) }, 'attributes_truncated'],
      [{ parentSpanId: 'abc0' }, 'parent_invalid'],
    ]
    for (const [oddity, flag] of cases) {
      const id = hexId(16)
      const reply = await house.post(project.key, jsonBytes(requestOf(chat(id, oddity))))
      expect([reply.status, reply.bytes.toString()]).toEqual([200, '{}'])
      const [row] = await rowsOf(project, id)
      expect(JSON.parse(row?.flags ?? '[]')).toContain(flag)
    }
    const truncated = await project.scope.db.ingestRollup.findMany({ where: { outcome: 'truncated' } })
    expect(truncated).toMatchObject([{ spans: 1 }])
  })

  it('explains an export of logs on the path of traces', async () => {
    const project = await house.project()
    const record = { timeUnixNano: String(START), body: { stringValue: 'hello' }, severityText: 'INFO' }
    const body = { resourceLogs: [{ scopeLogs: [{ logRecords: [record, record] }] }] }
    const json = await house.post(project.key, jsonBytes(body))
    expect([json.status, partialOf(json)]).toEqual([
      200,
      { rejectedSpans: '2', errorMessage: expect.stringMatching(/send it to \/v1\/logs/) },
    ])
    const bytes = LogsRequest.encode(LogsRequest.fromObject(body)).finish()
    const proto = await house.post(project.key, bytes, { headers: PROTO_TYPE })
    expect(proto.status).toBe(200)
    expect(RESPONSES.traces.decode(proto.bytes)).toMatchObject({
      partialSuccess: { rejectedSpans: { low: 2 }, errorMessage: expect.stringMatching(/\/v1\/logs/) },
    })
  })
})
