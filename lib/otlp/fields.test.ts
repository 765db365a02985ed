import { describe, expect, it } from 'vitest'
import { rawSpan, withAttributes } from '@/lib/core/testing/raw-span'
import { normalise } from './normalise'
import { canonicalProvider } from './provider'

type Attributes = Record<string, unknown>
const json = (value: unknown): string => JSON.stringify(value)

// The keys of a field, the strongest first: each wins over all that stand after it.
const LADDERS: [string, (draft: ReturnType<typeof normalise>) => unknown, Attributes][] = [
  [
    'sessionId',
    ({ grouping }) => grouping.sessionId,
    {
      'langfuse.session.id': 'a',
      'session.id': 'b',
      'gen_ai.conversation.id': 'c',
      'langfuse.trace.metadata.langfuse_session_id': 'd',
      'ai.telemetry.metadata.sessionId': 'e',
      'traceloop.association.properties.session_id': 'f',
    },
  ],
  [
    'userId',
    ({ grouping }) => grouping.userId,
    {
      'user.id': 'a',
      'langfuse.user.id': 'b',
      'ai.telemetry.metadata.userId': 'c',
      'traceloop.association.properties.user_id': 'd',
    },
  ],
  [
    'responseModel',
    ({ model }) => model.response,
    {
      'langfuse.observation.model.name': 'a',
      'gen_ai.response.model': 'b',
      'ai.response.model': 'c',
      'llm.response.model': 'd',
      'ai.model.id': 'e',
      'gen_ai.request.model': 'f',
      'llm.model_name': 'g',
      model: 'h',
    },
  ],
  [
    'promptName',
    ({ grouping }) => grouping.promptName,
    { 'langfuse.observation.prompt.name': 'a', 'gen_ai.prompt.name': 'b', 'traceloop.prompt.key': 'c' },
  ],
]

describe('precedence', () => {
  it.each(LADDERS)('of %s', (field, read, ladder) => {
    const keys = Object.keys(ladder)
    for (const [at, key] of keys.entries()) {
      const rest = Object.fromEntries(keys.slice(at).map((name) => [name, ladder[name]]))
      const draft = normalise(withAttributes(rest))
      expect([read(draft), draft.mappedBy[field]]).toEqual([ladder[key], key])
      const blank = normalise(
        withAttributes({ ...ladder, ...Object.fromEntries(keys.slice(0, at).map((name) => [name, ''])) }),
      )
      expect(blank.mappedBy[field]).toBe(key)
    }
  })

  it('of a given cost, in nano-dollars from whatever was sent', () => {
    const all = {
      'clasper.cost.nano_usd': '123',
      'langfuse.observation.cost_details': json({ input: 0.1, output: 0.2 }),
      'gen_ai.usage.cost': 0.000_001_5,
      'llm.cost.total': 2,
    }
    const keys = Object.keys(all)
    const expected = [123n, 300_000_000n, 1_500n, 2_000_000_000n]
    for (const [at, key] of keys.entries()) {
      const rest = Object.fromEntries(Object.entries(all).slice(at))
      const draft = normalise(withAttributes(rest))
      expect([draft.givenNanoUsd, draft.mappedBy['cost']]).toEqual([expected[at], key])
    }
    for (const cost of [-1, 'free', Number.NaN, 1e300, null, {}])
      expect(normalise(withAttributes({ 'gen_ai.usage.cost': cost })).givenNanoUsd).toBeNull()
  })

  it('of input and output', () => {
    const ladder = {
      'langfuse.observation.input': 'a',
      'gen_ai.input.messages': json([{ role: 'user', parts: [{ type: 'text', content: 'b' }] }]),
      'llm.input_messages.0.message.role': 'user',
      'ai.prompt.messages': json([{ role: 'user', content: 'd' }]),
      'input.value': 'e',
      'gen_ai.prompt.0.role': 'user',
      'traceloop.entity.input': 'g',
      'mlflow.spanInputs': 'h',
    }
    const rules = ['langfuse.observation.input', 'gen_ai.input.messages', 'llm.input_messages.*', 'ai.prompt.messages']
    const more = ['input.value', 'gen_ai.prompt.N.*', 'traceloop.entity.input', 'mlflow.spanInputs']
    for (const [at, rule] of [...rules, ...more].entries()) {
      const rest = Object.fromEntries(Object.entries(ladder).slice(at))
      expect(normalise(withAttributes({ 'gen_ai.request.model': 'm', ...rest })).mappedBy['input']).toBe(rule)
    }
  })
})

describe('tools', () => {
  const CALL = { name: 'get_weather', callId: 'call_1', arguments: { city: 'Paris' }, result: { degrees: 20 } }
  const cases: [string, Attributes, string][] = [
    [
      'gen_ai',
      {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'get_weather',
        'gen_ai.tool.call.id': 'call_1',
        'gen_ai.tool.call.arguments': json(CALL.arguments),
        'gen_ai.tool.call.result': CALL.result,
      },
      'execute_tool get_weather',
    ],
    [
      'ai-sdk-6',
      {
        'ai.operationId': 'ai.toolCall',
        'ai.toolCall.name': 'get_weather',
        'ai.toolCall.id': 'call_1',
        'ai.toolCall.args': json(CALL.arguments),
        'ai.toolCall.result': json(CALL.result),
      },
      'ai.toolCall',
    ],
    [
      'openinference',
      {
        'openinference.span.kind': 'TOOL',
        'tool.name': 'get_weather',
        'tool.id': 'call_1',
        'input.value': json(CALL.arguments),
        'output.value': json(CALL.result),
      },
      'tool',
    ],
    [
      'traceloop',
      {
        'traceloop.span.kind': 'tool',
        'traceloop.entity.name': 'get_weather',
        'gen_ai.tool.call.id': 'call_1',
        'traceloop.entity.input': json({ args: [CALL.arguments], kwargs: {} }),
        'traceloop.entity.output': json(CALL.result),
      },
      'get_weather.tool',
    ],
    [
      'langfuse',
      {
        'langfuse.observation.type': 'tool',
        'gen_ai.tool.call.id': 'call_1',
        'langfuse.observation.input': json(CALL.arguments),
        'langfuse.observation.output': json(CALL.result),
      },
      'get_weather',
    ],
  ]
  it.each(cases)('%s', (_, attributes, name) => {
    const draft = normalise(withAttributes(attributes, { name }))
    expect(draft).toMatchObject({ kind: 'tool', tool: CALL, content: { rawInput: null, rawOutput: null, input: [] } })
  })
})

describe('grouping', () => {
  it('is read from every dialect, and from the resource where the span is silent', () => {
    const draft = normalise(
      withAttributes(
        {
          'gen_ai.agent.name': 'helper',
          'gen_ai.agent.id': 'a1',
          'gen_ai.agent.version': '2',
          'gen_ai.workflow.name': 'w',
          'langfuse.trace.name': 'trace',
          'langfuse.trace.tags': ['x', 'y', 'x'],
          'langfuse.trace.metadata.team': 'blue',
          'langfuse.observation.metadata.team': 'red',
          metadata: json({ shade: 'dark', session_id: 'not here' }),
          'gen_ai.skill.name': 'pdf',
          'gen_ai.skill.version': '1.0',
        },
        { resource: { 'deployment.environment': 'staging', 'service.version': '9', 'session.id': 's' } },
      ),
    )
    expect(draft.grouping).toEqual({
      ...{ sessionId: 's', userId: null, agentId: 'a1', agentName: 'helper', agentVersion: '2', workflow: 'w' },
      ...{ promptName: null, promptVersion: null, skillName: 'pdf', skillVersion: '1.0' },
      ...{ tags: ['x', 'y'], metadata: { team: 'red', shade: 'dark' }, environment: 'staging', release: '9' },
      traceName: 'trace',
    })
    expect(draft.mappedBy['environment']).toBe('resource deployment.environment')
  })

  it('finds tags in lists and in texts', () => {
    for (const tags of [['a', 'b'], '["a","b"]', 'a, b'])
      expect(normalise(withAttributes({ 'tag.tags': tags })).grouping.tags).toEqual(['a', 'b'])
  })
})

describe('outcome', () => {
  it('names an error by its attribute, else by its exception', () => {
    const events = [
      { name: 'exception', timeNs: 1n, attributes: { 'exception.type': 'TypeError', 'exception.message': 'no' } },
    ]
    const failed = { status: { code: 'error', message: null } as const, events }
    expect(normalise(rawSpan(failed)).status).toMatchObject({ code: 'error', errorType: 'TypeError', message: 'no' })
    expect(normalise(withAttributes({ 'error.type': '429' }, failed)).status).toMatchObject({ errorType: '429' })
    expect(normalise(rawSpan({ events })).status).toMatchObject({ code: 'unset', errorType: null, message: null })
    const level = { 'langfuse.observation.level': 'ERROR', 'langfuse.observation.status_message': 'bad' }
    expect(normalise(withAttributes(level)).status).toMatchObject({ code: 'error', message: 'bad' })
  })

  it('flags an answer that was cut off', () => {
    for (const reason of ['length', 'max_tokens', 'MAX_TOKENS'])
      expect(normalise(withAttributes({ 'gen_ai.response.finish_reasons': [reason] })).flags).toEqual([
        'output_truncated',
      ])
  })

  it('knows when the first token came', () => {
    const { startNs } = rawSpan()
    const cases: [Attributes, bigint][] = [
      [{ 'gen_ai.response.time_to_first_chunk': 0.25 }, startNs + 250_000_000n],
      [{ 'ai.response.msToFirstChunk': 12.5 }, startNs + 12_500_000n],
      [{ 'langfuse.observation.completion_start_time': '"2026-11-01T00:00:00.500Z"' }, 1_793_491_200_500_000_000n],
    ]
    for (const [attributes, ns] of cases) expect(normalise(withAttributes(attributes)).firstTokenNs).toBe(ns)
    for (const odd of [-1, Number.NaN, 'soon', 1e30])
      expect(normalise(withAttributes({ 'ai.response.msToFirstChunk': odd })).firstTokenNs).toBeNull()
  })
})

describe('providers', () => {
  it.each([
    ['openai.responses', 'openai'],
    ['OpenAI', 'openai'],
    ['anthropic.messages', 'anthropic'],
    ['az.ai.openai', 'azure.ai.openai'],
    ['vertex_ai', 'gcp.vertex_ai'],
    ['google.vertex.chat', 'gcp.vertex_ai'],
    ['gemini', 'gcp.gemini'],
    ['gcp.vertex_ai', 'gcp.vertex_ai'],
    ['xai', 'x_ai'],
    ['mistral', 'mistral_ai'],
    ['amazon-bedrock', 'aws.bedrock'],
    ['my.own.gateway', 'my.own.gateway'],
    ['constructor', 'constructor'],
  ])('%s is %s', (said, name) => {
    expect(canonicalProvider(said)).toBe(name)
  })
})
