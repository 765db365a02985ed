import { halves } from './frames-openai'
import type { MockUsage, Plan } from './script-step'

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`

const STOP_REASONS = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
} as const

const block = (index: number, opened: object, deltas: readonly object[]): string[] => [
  event('content_block_start', { index, content_block: opened }),
  ...deltas.map((delta) => event('content_block_delta', { index, delta })),
  event('content_block_stop', { index }),
]

const blocksOf = ({ chunks, thinking, toolCalls }: Plan): string[] => {
  const thought: [object, object[]][] =
    thinking === '' ? [] : [[{ type: 'thinking', thinking: '' }, [{ type: 'thinking_delta', thinking }]]]
  const text: [object, object[]][] =
    chunks.length === 0
      ? []
      : [[{ type: 'text', text: '' }, chunks.map((piece) => ({ type: 'text_delta', text: piece }))]]
  const tools = toolCalls.map(({ id, name, text: given }): [object, object[]] => [
    { type: 'tool_use', id, name, input: {} },
    halves(given).map((part) => ({ type: 'input_json_delta', partial_json: part })),
  ])
  return [...thought, ...text, ...tools].flatMap(([opened, deltas], index) => block(index, opened, deltas))
}

export const messagesFrames = (plan: Plan): string[] => {
  const { usage, finish } = plan
  const counted = {
    input_tokens: usage?.input ?? 0,
    cache_read_input_tokens: usage?.cached ?? 0,
    cache_creation_input_tokens: usage?.cacheWrite ?? 0,
    output_tokens: usage === null ? 0 : 1,
  }
  return [
    event('message_start', {
      message: { id: 'msg_mock', type: 'message', role: 'assistant', content: [], model: 'mock', usage: counted },
    }),
    ...blocksOf(plan),
    ...(finish === 'none'
      ? []
      : [
          event('message_delta', {
            delta: { stop_reason: STOP_REASONS[finish], stop_sequence: null },
            usage: { output_tokens: usage?.output ?? 0 },
          }),
        ]),
    event('message_stop', {}),
  ]
}

const FINISH_REASONS = { stop: 'STOP', length: 'MAX_TOKENS', tool_calls: 'STOP', content_filter: 'SAFETY' } as const

const googleUsage = ({ input, output, cached = 0 }: MockUsage) => ({
  promptTokenCount: input + cached,
  candidatesTokenCount: output,
  totalTokenCount: input + cached + output,
  cachedContentTokenCount: cached,
})

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

// Google sends the arguments as an object: cut ones cannot be sent but as a broken chunk.
const partOf = ({ id, name, text, signature }: Plan['toolCalls'][number]): string => {
  const args = parsed(text)
  const whole = JSON.stringify({
    functionCall: { id, name, args: args ?? {} },
    ...(signature === '' ? {} : { thoughtSignature: signature }),
  })
  return args === null ? whole.replace('"args":{}', `"args":${text}`) : whole
}

const candidate = (part: string): string => `data: {"candidates":[{"content":{"role":"model","parts":[${part}]}}]}\n\n`

export const googleFrames = ({ chunks, thinking, toolCalls, usage, finish }: Plan): string[] => {
  const last = {
    candidates: [
      {
        content: { role: 'model', parts: [] },
        ...(finish === 'none' ? {} : { finishReason: FINISH_REASONS[finish] }),
      },
    ],
    ...(usage === null ? {} : { usageMetadata: googleUsage(usage) }),
    responseId: 'google-mock',
  }
  return [
    ...(thinking === '' ? [] : [candidate(JSON.stringify({ text: thinking, thought: true }))]),
    ...chunks.map((text) => candidate(JSON.stringify({ text }))),
    ...toolCalls.map((call) => candidate(partOf(call))),
    `data: ${JSON.stringify(last)}\n\n`,
  ]
}
