// What the mock answers to one request. Whatever is left out is done as a healthy provider does it.
export type MockToolCall = {
  id?: string
  name: string
  arguments: Record<string, unknown> | string
  // Google's
  signature?: string
}

export type MockUsage = { input: number; output: number; cached?: number; cacheWrite?: number }

export type MockStep = {
  // Chunks as given; a plain text is one chunk per word
  text?: string | readonly string[]
  thinking?: string
  // Arguments given as text are sent as they are, whole or not
  toolCalls?: readonly MockToolCall[]
  usage?: false | MockUsage
  // 'none' leaves the finish reason out
  finish?: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'none'
  // A refusal instead of an answer
  status?: number
  retryAfter?: string | number
  body?: string
  // A stream that ends without having begun
  isEmpty?: boolean
  // After so many pieces of the answer: silence, a torn connection, or a piece that is no JSON
  stallAfter?: number
  cutAfter?: number
  garbageAfter?: number
  delayMs?: number
  chunkDelayMs?: number
}

export const DEFAULT_STEP: MockStep = {
  text: ['Hello', ' from', ' the', ' mock', ' provider.'],
  usage: { input: 12, output: 5 },
}

export type Protocol = 'responses' | 'messages' | 'google' | 'chat' | 'mistral'

// Mistral speaks chat as well, but sends a call of a tool in one piece.
export const protocolOf = (path: string, agent: string): Protocol => {
  if (path.includes(':streamGenerateContent')) return 'google'
  if (path.endsWith('/responses')) return 'responses'
  if (path.endsWith('/messages')) return 'messages'
  return /mistral/i.test(agent) ? 'mistral' : 'chat'
}

export type Plan = {
  chunks: readonly string[]
  thinking: string
  toolCalls: readonly { id: string; name: string; text: string; signature: string }[]
  usage: MockUsage | null
  finish: NonNullable<MockStep['finish']>
}

const chunksOf = (text: MockStep['text']): readonly string[] =>
  typeof text === 'string' ? (text.match(/\S+\s*|\s+/g) ?? []) : (text ?? [])

export const planOf = (step: MockStep): Plan => {
  const toolCalls = (step.toolCalls ?? []).map((call, at) => ({
    id: call.id ?? `call_${at + 1}`,
    name: call.name,
    signature: call.signature ?? '',
    text: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }))
  return {
    chunks: chunksOf(step.text),
    thinking: step.thinking ?? '',
    toolCalls,
    usage: step.usage === false ? null : (step.usage ?? { input: 12, output: 5 }),
    finish: step.finish ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
  }
}
