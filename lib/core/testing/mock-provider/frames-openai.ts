import type { MockUsage, Plan } from './script-step'

const sse = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`

const chatUsage = ({ input, output, cached = 0 }: MockUsage) => ({
  prompt_tokens: input + cached,
  completion_tokens: output,
  total_tokens: input + cached + output,
  prompt_tokens_details: { cached_tokens: cached },
})

const chunk = (fields: object): string =>
  sse({ id: 'chatcmpl-mock', object: 'chat.completion.chunk', created: 1, model: 'mock', ...fields })

const delta = (fields: object): string => chunk({ choices: [{ index: 0, delta: fields, finish_reason: null }] })

const inPieces = ({ toolCalls }: Plan): string[] =>
  toolCalls.flatMap(({ id, name, text }, index) => [
    delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
    ...halves(text).map((part) => delta({ tool_calls: [{ index, function: { arguments: part } }] })),
  ])

const inOnePiece = ({ toolCalls }: Plan): string[] =>
  toolCalls.map(({ id, name, text }, index) =>
    delta({ tool_calls: [{ index, id, function: { name, arguments: text } }] }),
  )

const framesWith = (calls: readonly string[], { chunks, thinking, usage, finish }: Plan): string[] => [
  delta({ role: 'assistant', content: '' }),
  ...(thinking === '' ? [] : [delta({ reasoning_content: thinking })]),
  ...chunks.map((content) => delta({ content })),
  ...calls,
  ...(finish === 'none' ? [] : [chunk({ choices: [{ index: 0, delta: {}, finish_reason: finish }] })]),
  ...(usage === null ? [] : [chunk({ choices: [], usage: chatUsage(usage) })]),
  'data: [DONE]\n\n',
]

export const chatFrames = (plan: Plan): string[] => framesWith(inPieces(plan), plan)

export const mistralFrames = (plan: Plan): string[] => framesWith(inOnePiece(plan), plan)

export const halves = (text: string): string[] => {
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)].filter((part) => part !== '')
}

const responseUsage = ({ input, output, cached = 0 }: MockUsage) => ({
  input_tokens: input + cached,
  output_tokens: output,
  total_tokens: input + cached + output,
  input_tokens_details: { cached_tokens: cached },
  output_tokens_details: { reasoning_tokens: 0 },
})

const message = (chunks: readonly string[], at: number): string[] => {
  const id = 'msg_mock'
  const text = chunks.join('')
  const part = { type: 'output_text', text: '', annotations: [] }
  return [
    event('response.output_item.added', {
      output_index: at,
      item: { type: 'message', id, status: 'in_progress', role: 'assistant', content: [] },
    }),
    event('response.content_part.added', { item_id: id, output_index: at, content_index: 0, part }),
    ...chunks.map((piece) =>
      event('response.output_text.delta', { item_id: id, output_index: at, content_index: 0, delta: piece }),
    ),
    event('response.output_item.done', {
      output_index: at,
      item: { type: 'message', id, status: 'completed', role: 'assistant', content: [{ ...part, text }] },
    }),
  ]
}

const call = ({ id, name, text }: Plan['toolCalls'][number], at: number): string[] => {
  const item = { type: 'function_call', id: `fc_${id}_${at}`, call_id: id, name, status: 'in_progress' }
  return [
    event('response.output_item.added', { output_index: at, item: { ...item, arguments: '' } }),
    ...halves(text).map((part) =>
      event('response.function_call_arguments.delta', { item_id: item.id, output_index: at, delta: part }),
    ),
    event('response.function_call_arguments.done', { item_id: item.id, output_index: at, arguments: text }),
    event('response.output_item.done', { output_index: at, item: { ...item, arguments: text, status: 'completed' } }),
  ]
}

const reasoning = (thinking: string): string[] => [
  event('response.output_item.added', { output_index: 0, item: { type: 'reasoning', id: 'rs_mock', summary: [] } }),
  event('response.reasoning_summary_part.added', { item_id: 'rs_mock', part: { type: 'summary_text', text: '' } }),
  event('response.reasoning_summary_text.delta', { item_id: 'rs_mock', delta: thinking }),
  event('response.output_item.done', {
    output_index: 0,
    item: { type: 'reasoning', id: 'rs_mock', summary: [{ type: 'summary_text', text: thinking }] },
  }),
]

const closing = ({ usage, finish }: Plan): string[] => {
  if (finish === 'none') return []
  const counted = usage === null ? {} : { usage: responseUsage(usage) }
  const response = { id: 'resp_mock', object: 'response', output: [], ...counted }
  if (finish !== 'length' && finish !== 'content_filter')
    return [event('response.completed', { response: { ...response, status: 'completed' } })]
  const reason = finish === 'length' ? 'max_output_tokens' : 'content_filter'
  return [
    event('response.incomplete', {
      response: { ...response, status: 'incomplete', incomplete_details: { reason } },
    }),
  ]
}

export const responsesFrames = (plan: Plan): string[] => [
  event('response.created', { response: { id: 'resp_mock', object: 'response', status: 'in_progress', output: [] } }),
  ...(plan.thinking === '' ? [] : reasoning(plan.thinking)),
  ...(plan.chunks.length === 0 ? [] : message(plan.chunks, 0)),
  ...plan.toolCalls.flatMap((one, at) => call(one, at + 1)),
  ...closing(plan),
]
