import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { rawQuery } from '@/lib/core/testing/raw-query'
import { newTraceHex, START, said, spanDraft } from '@/lib/core/testing/sample-span'
import { wholeDatabase } from '@/lib/core/testing/whole-database'
import { IngestHealth } from './contract/spans'
import { getSpan, ingestHealth, ingestSpanEvents, ingestSpans } from './index'
import type { SpanDraft } from './span-draft'
import { traceIdOf } from './span-record'

const about = { source: '/v1/traces' }

const SECRET = 'sk-proj-Q7xv2LbW9nTz4HcR8yKd3MfJ6pSg1AeU5oVi0'
const MAIL = 'ann.canary@example.com'
const HOST = 'laptop-of-ann'
const PLAIN = 'hunter2-canary'

const everywhere = (hex: string): SpanDraft => {
  const text = `call ${MAIL} with ${SECRET}`
  const json = JSON.stringify({ password: PLAIN, note: text })
  const more = { [`key ${MAIL}`]: text, list: [text, { deep: { password: PLAIN } }], json, long: text.repeat(50) }
  return spanDraft(hex, 1, {
    name: text,
    kind: 'inference',
    scope: { name: text, version: text, schemaUrl: text },
    resource: { 'service.name': text, 'host.name': HOST, 'process.command_args': [HOST, SECRET], ...more },
    mappedBy: { kind: text },
    attributes: {
      ...more,
      authorization: PLAIN,
      'http.request.header.cookie': PLAIN,
      long_json: json.padEnd(3_000, ' '),
    },
    events: [{ name: text, timeNs: START, attributes: more }],
    links: [{ traceId: hex, spanId: '1'.repeat(16), attributes: more }],
    model: { provider: text, request: text, response: text, responseId: text, params: more },
    content: {
      system: text,
      input: [said('user', text), { role: text, parts: [{ type: 'other', value: more }] }],
      output: [{ role: 'assistant', parts: [{ type: 'tool_call', id: text, name: text, arguments: json }] }],
      rawInput: more,
      rawOutput: json,
      toolDefinitions: [{ name: text }],
    },
    tool: { name: text, type: text, callId: text, arguments: json, result: more },
    grouping: {
      ...{ sessionId: text, userId: MAIL, agentId: text, agentName: text, agentVersion: text, workflow: text },
      ...{ promptName: text, promptVersion: text, skillName: text, skillVersion: text, tags: [text], metadata: more },
      ...{ environment: text, release: text, traceName: text },
    },
    status: { code: 'error', errorType: text, message: text, finishReasons: [text] },
  })
}

describeEachDialect('the door of spans', (dialect) => {
  useKernel(dialect)

  it('lets no secret in by any field', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const draft = everywhere(hex)
    const fault = { reason: 'bad_span', message: `span of ${MAIL} with ${SECRET}`, spans: 1 }
    expect(await ingestSpans(tenant.scope, [draft], { ...about, faults: [fault] })).toMatchObject({ accepted: 1 })
    await ingestSpanEvents(
      tenant.scope,
      [
        {
          ...{ traceId: hex, spanId: draft.spanId, name: MAIL, timeNs: START, attributes: draft.attributes },
          ...{ body: draft.attributes, content: { system: MAIL, input: draft.content.input, output: [] } },
        },
      ],
      { source: '/v1/logs', faults: [fault] },
    )
    const stored = await wholeDatabase(kernel().db.url)
    for (const text of [SECRET, MAIL, HOST, PLAIN, 'canary']) expect(stored.includes(text)).toBe(false)
    for (const mask of ['[API_KEY] [EMAIL] with', '[REDACTED]']) expect(stored.includes(mask)).toBe(true)
    const { span } = await getSpan(tenant.scope, traceIdOf(hex), draft.spanId)
    expect(span.attributes['authorization']).toBe('[REDACTED]')
    expect(span.content?.input_messages[0]).toEqual(said('user', `call [EMAIL] with [API_KEY]`))
  })

  it('counts what came in, what was refused and why, and keeps the last fifty faults', async () => {
    const [tenant, other] = await twoTenants()
    const faults = (n: number) => [{ reason: 'bad_id', message: `fault ${n}`, spans: 2 }]
    const hex = newTraceHex()
    for (let n = 0; n < 55; n++)
      await ingestSpans(tenant.scope, [spanDraft(hex, n % 50)], { ...about, faults: faults(n), truncated: 1 })
    const health = await ingestHealth(tenant.scope)
    expect(IngestHealth.parse(health)).toEqual(health)
    expect(health).toMatchObject({
      accepted: 50,
      duplicates: 5,
      truncated: 55,
      rejected: [{ source: '/v1/traces', reason: 'bad_id', spans: 110 }],
    })
    expect(health.faults).toHaveLength(50)
    expect(health.faults[0]).toMatchObject({ message: 'fault 54', spans: 2 })
    expect((await ingestHealth(tenant.as('viewer'))).faults.every(({ message }) => message === null)).toBe(true)
    expect(await ingestHealth(other.scope)).toMatchObject({ accepted: 0, faults: [] })
  })

  it('books faults where nothing else came', async () => {
    const tenant = await newTenant()
    const faults = [{ reason: 'bad_id', message: 'all of them', spans: 3 }]
    expect(await ingestSpans(tenant.scope, [], { ...about, faults })).toEqual({
      accepted: 0,
      duplicates: 0,
      rejected: [],
    })
    expect(await ingestHealth(tenant.scope)).toMatchObject({ accepted: 0, rejected: [{ spans: 3 }] })
  })

  it('a message that a conversation repeats is stored once', async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const long = 'the otter swims. '.repeat(100)
    const spans = Array.from({ length: 30 }, (_, n) =>
      spanDraft(hex, n + 1, { kind: 'inference', content: { system: long, input: [said('user', long)] } }),
    )
    await ingestSpans(tenant.scope, spans, about)
    const [row] = await rawQuery(kernel().db.url, `SELECT COUNT(*) AS n FROM "Body" WHERE "tenantId" = '${tenant.id}'`)
    expect(Number(row?.['n'])).toBe(2)
  })
})
