import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { installKernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { testKernel } from '@/lib/core/testing/kernel'
import { GZIP, hexId, JSON_TYPE, jsonBytes, PROTO_TYPE, useOtlpHouse } from '@/lib/core/testing/otlp-house'
import { chat, protoBytes, requestOf, START } from '@/lib/core/testing/otlp-spans'
import { withAttributes } from '@/lib/core/testing/raw-span'
import { isProblem } from '@/lib/shared/problem'
import { SPAN_KINDS } from '@/lib/tracing'
import { decodeTraces } from './decode-traces'
import { TEXT_FIELDS } from './fields'
import { normalise } from './normalise'

const KEYS = [
  ...Object.values(TEXT_FIELDS).flat(),
  ...['gen_ai.operation.name', 'gen_ai.input.messages', 'gen_ai.output.messages', 'gen_ai.usage.input_tokens'],
  ...['gen_ai.system_instructions', 'gen_ai.tool.definitions', 'gen_ai.response.finish_reasons', 'gen_ai.usage.cost'],
  ...[
    'gen_ai.prompt.0.role',
    'gen_ai.prompt.0.content',
    'gen_ai.prompt.0.tool_calls.0.name',
    'gen_ai.completion.5.content',
  ],
  ...['langfuse.observation.type', 'langfuse.observation.input', 'langfuse.observation.output', 'langfuse.trace.tags'],
  ...[
    'langfuse.observation.usage_details',
    'langfuse.observation.cost_details',
    'langfuse.observation.model.parameters',
  ],
  ...[
    'langfuse.observation.completion_start_time',
    'langfuse.observation.metadata.__proto__',
    'langfuse.trace.metadata',
  ],
  ...[
    'openinference.span.kind',
    'llm.input_messages.0.message.role',
    'llm.invocation_parameters',
    'llm.tools.0.tool.json_schema',
  ],
  ...['llm.output_messages.0.message.contents.0.message_content.text', 'metadata', 'input.value', 'output.value'],
  ...[
    'ai.operationId',
    'ai.prompt',
    'ai.prompt.messages',
    'ai.prompt.tools',
    'ai.response.toolCalls',
    'ai.response.text',
  ],
  ...[
    'ai.values',
    'ai.settings.maxRetries',
    'ai.telemetry.metadata.x',
    'ai.usage.inputTokens',
    'ai.response.msToFirstChunk',
  ],
  ...[
    'traceloop.span.kind',
    'traceloop.entity.input',
    'traceloop.entity.output',
    'clasper.kind',
    'clasper.usage.in_uncached',
  ],
  ...['retrieval.documents.0.document.content', 'mlflow.spanInputs', '__proto__', 'constructor', 'toString', 'model'],
]

const WORDS = [
  'chat',
  'LLM',
  'tool',
  'agent',
  'generation',
  'constructor',
  '__proto__',
  '[',
  '{"role":',
  '[]',
  '{}',
  'null',
]
const messages = fc.array(
  fc.record({ role: fc.anything(), content: fc.anything(), parts: fc.anything() }, { requiredKeys: [] }),
)
const value = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.anything({ maxDepth: 3 }),
  fc.json(),
  messages,
  messages.map((list) => JSON.stringify(list, (_, item) => (typeof item === 'bigint' ? String(item) : item)) ?? ''),
)
const attributes = fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), value, { maxKeys: 12 })

describe('whatever a span says', () => {
  it('is mapped to something', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(attributes, attributes, (said, around) => {
        const event = { name: 'gen_ai.choice', timeNs: 1n, attributes: said }
        const draft = normalise(
          withAttributes(said, { resource: around, events: [event, { ...event, name: 'exception' }] }),
        )
        expect(SPAN_KINDS).toContain(draft.kind)
        for (const field of ['sessionId', 'agentName', 'environment'] as const)
          expect(['string', 'object']).toContain(typeof draft.grouping[field])
        for (const rule of Object.values(draft.mappedBy)) expect(typeof rule).toBe('string')
      }),
      { numRuns: 400 },
    )
  })
})

const ID = '0af7651916cd43dd8448eb211c80319c'

describe('whatever bytes come', () => {
  it('they are a request, or refused as none', { timeout: 60_000 }, () => {
    const own = installKernel(testKernel('file::memory:'))
    const whole = protoBytes(requestOf(chat(ID), chat(ID, { events: [{ name: 'e', timeUnixNano: String(START) }] })))
    const damaged = fc
      .tuple(fc.nat(whole.byteLength - 1), fc.nat(255), fc.nat(whole.byteLength))
      .map(([at, byte, end]) => {
        const copy = Uint8Array.from(whole)
        copy[at] = byte
        return end % 3 === 0 ? copy.subarray(0, end) : copy
      })
    const nested = fc.nat(30_000).map((depth) => {
      const text = `${'['.repeat(depth)}${']'.repeat(depth)}`
      return Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":${text}}]}]}]}`)
    })
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      damaged,
      fc.json().map((text) => Buffer.from(text)),
      nested,
    )
    fc.assert(
      fc.property(body, fc.constantFrom('json', 'protobuf'), (bytes, encoding) => {
        try {
          const { spans, faults, total } = decodeTraces(bytes, encoding)
          expect(spans.length + faults.reduce((sum, fault) => sum + fault.spans, 0)).toBe(total)
        } catch (error) {
          expect(isProblem(error) && error.code).toBe('invalid_request')
        }
      }),
      { numRuns: 800 },
    )
    return own.stop()
  })
})

describeEachDialect('whatever comes over HTTP', (dialect) => {
  const house = useOtlpHouse(dialect)

  it('is taken or refused, and never a fault of ours', { timeout: 60_000 }, async () => {
    const project = await house.project()
    const odd = fc.sample(fc.tuple(attributes, fc.string({ unit: 'binary' })), { numRuns: 40, seed: 7 })
    const bodies: [Uint8Array, Record<string, string>][] = odd.flatMap(([said, name]) => {
      const pairs = Object.keys(said).map((key) => ({ key, value: { stringValue: `${name}${key}` } }))
      const request = requestOf(chat(hexId(16), { name, attributes: pairs }))
      const bytes = Buffer.from(name)
      return [
        [jsonBytes(request), JSON_TYPE],
        [bytes, PROTO_TYPE],
        [bytes, JSON_TYPE],
        [bytes, { ...JSON_TYPE, ...GZIP }],
      ]
    })
    const deep = (depth: number) => {
      let inner: object = { stringValue: 'x' }
      for (let at = 0; at < depth; at++) inner = { arrayValue: { values: [inner] } }
      return requestOf(chat(hexId(16), { attributes: [{ key: 'deep', value: inner }] }))
    }
    bodies.push(
      [jsonBytes(deep(1_000)), JSON_TYPE],
      [jsonBytes(deep(60)), JSON_TYPE],
      [protoBytes(deep(40)), PROTO_TYPE],
    )
    for (const path of ['/v1/traces', '/v1/logs', '/v1/metrics'])
      for (const [body, headers] of bodies) {
        const reply = await house.post(project.key, body, { path, headers })
        expect([200, 400]).toContain(reply.status)
      }
    expect((await house.post(project.key, jsonBytes({}))).status).toBe(200)
  })
})
