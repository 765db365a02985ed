import { describe, expect, it } from 'vitest'
import { rawSpan, withAttributes } from '@/lib/core/testing/raw-span'
import type { SpanDraft } from '@/lib/tracing'
import { normalise } from './normalise'
import type { RawSpan } from './raw-span'

const QUESTION = { role: 'user', parts: [{ type: 'text', content: 'Weather in Paris?' }] }
const ANSWER = {
  role: 'assistant',
  parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather', arguments: { city: 'Paris' } }],
}
const OPENAI_CALL = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }

// One call of one model: what every dialect below has to say in its own words.
const SAID = {
  kind: 'inference',
  model: { provider: 'openai', request: 'gpt-4o', response: 'gpt-4o-2024-08-06', params: { temperature: 0.5 } },
  content: { system: 'Be brief.', input: [QUESTION], output: [ANSWER], rawInput: null, rawOutput: null },
  usage: { inUncached: 60, cacheRead: 40, outVisible: 15, reasoning: 5 },
  status: { finishReasons: ['tool_calls'] },
  flags: [],
}

const json = (value: unknown): string => JSON.stringify(value)
const SYSTEM = { role: 'system', content: 'Be brief.' }

const NEW_MESSAGES = {
  'gen_ai.system_instructions': json([{ type: 'text', content: 'Be brief.' }]),
  'gen_ai.input.messages': json([QUESTION]),
  'gen_ai.output.messages': json([{ ...ANSWER, finish_reason: 'tool_call' }]),
}
const GEN_AI = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.request.temperature': 0.5,
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 20,
  'gen_ai.usage.cache_read.input_tokens': 40,
  'gen_ai.usage.reasoning.output_tokens': 5,
}

const event = (name: string, attributes: Record<string, unknown>) => ({ name, timeNs: 1n, attributes })
const schema = (version: string) => ({
  name: 'x',
  version: '',
  schemaUrl: `https://opentelemetry.io/schemas/${version}`,
})

const DIALECTS: [string, RawSpan][] = [
  [
    'gen_ai-1.36',
    withAttributes(
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.request.temperature': 0.5,
        'gen_ai.usage.prompt_tokens': 100,
        'gen_ai.usage.completion_tokens': 20,
        'gen_ai.usage.cache_read_input_tokens': 40,
        'gen_ai.usage.reasoning_tokens': 5,
      },
      {
        scope: schema('1.30.0'),
        events: [
          event('gen_ai.system.message', { content: 'Be brief.' }),
          event('gen_ai.user.message', { content: 'Weather in Paris?' }),
          event('gen_ai.choice', {
            index: 0,
            finish_reason: 'tool_calls',
            message: json({ role: 'assistant', tool_calls: [OPENAI_CALL] }),
          }),
        ],
      },
    ),
  ],
  [
    'gen_ai-1.37',
    withAttributes({ ...GEN_AI, ...NEW_MESSAGES, 'gen_ai.provider.name': 'openai' }, { scope: schema('1.37.0') }),
  ],
  [
    'gen_ai-1.42',
    withAttributes(
      {
        ...GEN_AI,
        'gen_ai.provider.name': 'openai',
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be brief.' }],
        'gen_ai.input.messages': [QUESTION],
        'gen_ai.output.messages': [ANSWER],
        'gen_ai.response.finish_reasons': ['tool_calls'],
      },
      { scope: schema('gen-ai/1.42.0') },
    ),
  ],
  [
    'gen_ai-1.37',
    withAttributes(
      { ...GEN_AI, 'gen_ai.provider.name': 'openai' },
      {
        events: [event('gen_ai.client.inference.operation.details', NEW_MESSAGES)],
      },
    ),
  ],
  [
    'openinference',
    withAttributes(
      {
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'gpt-4o-2024-08-06',
        'llm.request.model': 'gpt-4o',
        'llm.provider': 'openai',
        'llm.invocation_parameters': json({ model: 'gpt-4o', temperature: 0.5 }),
        'llm.input_messages.2.message.role': 'user',
        'llm.input_messages.2.message.contents.0.message_content.type': 'text',
        'llm.input_messages.2.message.contents.0.message_content.text': 'Weather in Paris?',
        'llm.input_messages.0.message.role': 'system',
        'llm.input_messages.0.message.content': 'Be brief.',
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'call_1',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'get_weather',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"city":"Paris"}',
        'llm.output_messages.0.message.finish_reason': 'tool_calls',
        'llm.token_count.prompt': 100,
        'llm.token_count.completion': 20,
        'llm.token_count.total': 120,
        'llm.token_count.prompt_details.cache_read': 40,
        'llm.token_count.completion_details.reasoning': 5,
        'input.value': 'the whole request',
      },
      { scope: { name: '@arizeai/openinference-instrumentation-openai', version: '4', schemaUrl: '' } },
    ),
  ],
  [
    'ai-sdk-6',
    withAttributes(
      {
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.model.id': 'gpt-4o',
        'ai.model.provider': 'openai.responses',
        'gen_ai.system': 'openai.responses',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.request.temperature': 0.5,
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.response.finish_reasons': ['tool-calls'],
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'ai.prompt.messages': json([SYSTEM, { role: 'user', content: [{ type: 'text', text: 'Weather in Paris?' }] }]),
        'ai.response.toolCalls': json([{ toolCallId: 'call_1', toolName: 'get_weather', input: '{"city":"Paris"}' }]),
        'ai.response.text': '',
        'ai.usage.inputTokens': 100,
        'ai.usage.outputTokens': 20,
        'ai.usage.totalTokens': 120,
        'ai.usage.inputTokenDetails.noCacheTokens': 60,
        'ai.usage.inputTokenDetails.cacheReadTokens': 40,
        'ai.usage.outputTokenDetails.textTokens': 15,
        'ai.usage.outputTokenDetails.reasoningTokens': 5,
      },
      { scope: { name: 'ai', version: '', schemaUrl: '' } },
    ),
  ],
  [
    'traceloop',
    withAttributes(
      {
        'llm.request.type': 'chat',
        'traceloop.workflow.name': 'w',
        'gen_ai.system': 'OpenAI',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.request.temperature': 0.5,
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.prompt.0.role': 'system',
        'gen_ai.prompt.0.content': 'Be brief.',
        'gen_ai.prompt.1.role': 'user',
        'gen_ai.prompt.1.content': json([{ type: 'text', text: 'Weather in Paris?' }]),
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.finish_reason': 'tool_calls',
        'gen_ai.completion.0.tool_calls.0.id': 'call_1',
        'gen_ai.completion.0.tool_calls.0.name': 'get_weather',
        'gen_ai.completion.0.tool_calls.0.arguments': '{"city":"Paris"}',
        'gen_ai.usage.prompt_tokens': 100,
        'gen_ai.usage.completion_tokens': 20,
        'gen_ai.usage.cache_read_input_tokens': 40,
        'gen_ai.usage.reasoning_tokens': 5,
        'llm.usage.total_tokens': 120,
      },
      { scope: { name: '@traceloop/instrumentation-openai', version: '', schemaUrl: '' } },
    ),
  ],
  [
    'langfuse',
    withAttributes(
      {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'gpt-4o-2024-08-06',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.provider.name': 'openai',
        'langfuse.observation.model.parameters': json({ temperature: 0.5 }),
        'langfuse.observation.input': json([SYSTEM, { role: 'user', content: 'Weather in Paris?' }]),
        'langfuse.observation.output': json({
          role: 'assistant',
          tool_calls: [OPENAI_CALL],
          finish_reason: 'tool_calls',
        }),
        'langfuse.observation.usage_details': json({
          input: 60,
          input_cached_tokens: 40,
          output: 15,
          output_reasoning_tokens: 5,
          total: 120,
        }),
      },
      { scope: { name: 'langfuse-sdk', version: '5.11.1', schemaUrl: '' } },
    ),
  ],
]

describe('one call in every dialect', () => {
  it.each(DIALECTS)('%s', (dialect, span) => {
    const draft = normalise(span)
    expect(draft).toMatchObject({ ...SAID, dialect })
    expect(draft.attributes).toEqual(span.attributes)
    for (const field of ['kind', 'provider', 'responseModel', 'input', 'output', 'system', 'usage', 'params'])
      expect(draft.mappedBy[field], field).toEqual(expect.any(String))
  })
})

describe('kinds', () => {
  const cases: [Record<string, unknown>, SpanDraft['kind'], string][] = [
    [{ 'clasper.kind': 'guardrail', 'gen_ai.operation.name': 'chat' }, 'guardrail', 'clasper.kind'],
    [
      { 'langfuse.observation.type': 'retriever', 'openinference.span.kind': 'LLM' },
      'retrieval',
      'langfuse.observation.type',
    ],
    [{ 'langfuse.observation.type': 'span' }, 'step', 'langfuse.observation.type'],
    [{ 'openinference.span.kind': 'RERANKER', 'gen_ai.operation.name': 'chat' }, 'rerank', 'openinference.span.kind'],
    [{ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.request.model': 'm' }, 'agent', 'gen_ai.operation.name'],
    [{ 'gen_ai.operation.name': 'upsert_memory' }, 'memory', 'gen_ai.operation.name'],
    [{ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.skill.name': 'pdf' }, 'skill', 'gen_ai.skill.name'],
    [{ 'gen_ai.operation.name': 'something_new' }, 'step', 'gen_ai.operation.name'],
    [{ 'gen_ai.operation.name': 'constructor' }, 'step', 'gen_ai.operation.name'],
    [{ 'ai.operationId': 'ai.streamText.doStream', 'ai.model.id': 'm' }, 'inference', 'ai.operationId'],
    [{ 'ai.operationId': 'ai.embed.doEmbed', 'ai.model.id': 'm' }, 'embedding', 'ai.operationId'],
    [
      { 'ai.operationId': 'ai.generateText', 'ai.model.id': 'm', 'ai.usage.inputTokens': 5 },
      'workflow',
      'ai.operationId',
    ],
    [{ 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 't' }, 'tool', 'ai.toolCall'],
    [{ 'traceloop.span.kind': 'task' }, 'task', 'traceloop.span.kind'],
    [{ 'llm.request.type': 'embedding', 'gen_ai.request.model': 'm' }, 'embedding', 'llm.request.type'],
    [{ 'gen_ai.tool.call.id': 'c' }, 'tool', 'gen_ai.tool.call.id'],
    [{ 'gen_ai.request.model': 'm' }, 'inference', 'gen_ai.request.model'],
    [{ 'http.method': 'GET' }, 'step', 'fallback'],
  ]
  it.each(cases)('%j is %s', (attributes, kind, by) => {
    const draft = normalise(withAttributes(attributes))
    expect([draft.kind, draft.mappedBy['kind']]).toEqual([kind, by])
  })
})

describe('names of spans', () => {
  it.each([
    ['invoke_agent helper', '', 'agent'],
    ['execute_tool search', '', 'tool'],
    ['lookup.tool', '@traceloop/node-server-sdk', 'tool'],
    ['lookup.tool', 'mine', 'step'],
  ])('%s of %s', (name, scope, kind) => {
    expect(normalise(rawSpan({ name, scope: { name: scope, version: '', schemaUrl: '' } })).kind).toBe(kind)
  })
})
