import type { Context, ToolCall as LibraryCall, Message, Tool } from '@mariozechner/pi-ai'
import type { ChatMessage, ToolCall, ToolSpec } from '@/lib/shared/chat'
import { signatureOf } from './call-signatures'
import type { LibraryModel } from './catalogue'

type Conversation = { system: string; messages: readonly ChatMessage[]; tools: readonly ToolSpec[] }

const NO_COST = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 }
const NO_TOKENS = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0, cost: NO_COST }

type Assistant = Extract<ChatMessage, { role: 'assistant' }>

// Written by a model of that name: ids of tool calls are then brought into the form that the API accepts,
// whoever made them, and ids that OpenAI would look for among its own are left out.
const HISTORY = 'history'

// Some protocols pass an id on as it is, and what stands behind them accepts these signs alone. The bar is OpenAI's.
const plainId = (id: string): string => id.replaceAll(/[^a-zA-Z0-9_|-]/g, '_')

// Only what the model itself has said keeps its signature. Gemini pairs by order and never sees an id.
const isSigned = ({ api }: LibraryModel): boolean => api === 'google-generative-ai'

const toolCall = (model: LibraryModel, call: ToolCall): LibraryCall => {
  const signature = isSigned(model) ? signatureOf(call.id) : undefined
  return {
    type: 'toolCall',
    ...call,
    id: plainId(call.id),
    ...(signature === undefined ? {} : { thoughtSignature: signature }),
  }
}

const assistant = (model: LibraryModel, { content, tool_calls = [] }: Assistant): Message[] => {
  if (content === '' && tool_calls.length === 0) return []
  return [
    {
      role: 'assistant',
      content: [
        ...(content === '' ? [] : [{ type: 'text' as const, text: content }]),
        ...tool_calls.map((call) => toolCall(model, call)),
      ],
      api: model.api,
      provider: model.provider,
      model: isSigned(model) ? model.id : HISTORY,
      usage: NO_TOKENS,
      stopReason: tool_calls.length > 0 ? 'toolUse' : 'stop',
      timestamp: 0,
    },
  ]
}

const entry = (model: LibraryModel, message: ChatMessage): Message[] => {
  if (message.role === 'assistant') return assistant(model, message)
  if (message.role !== 'tool') {
    const isSystem = message.role === 'system'
    return [{ role: 'user', content: `${isSystem ? '[System message]\n' : ''}${message.content}`, timestamp: 0 }]
  }
  return [
    {
      role: 'toolResult',
      toolCallId: plainId(message.tool_call_id),
      toolName: message.name,
      content: [{ type: 'text', text: message.content === '' ? '(no output)' : message.content }],
      isError: message.is_error,
      timestamp: 0,
    },
  ]
}

// Nothing may stand between a call of tools and its results.
const resultsFirst = (messages: readonly ChatMessage[]): ChatMessage[] => {
  const ordered: ChatMessage[] = []
  let waiting: ChatMessage[] = []
  let isOpen = false
  messages.forEach((message, at) => {
    if (message.role === 'system' && isOpen && messages.slice(at).some((later) => later.role === 'tool')) {
      waiting.push(message)
      return
    }
    if (message.role !== 'tool' && message.role !== 'system') {
      ordered.push(...waiting)
      waiting = []
      isOpen = message.role === 'assistant' && (message.tool_calls ?? []).length > 0
    }
    ordered.push(message)
  })
  return [...ordered, ...waiting]
}

const tool = ({ name, description, parameters }: ToolSpec): Tool => ({
  name,
  description,
  parameters: parameters as Tool['parameters'],
})

export const toContext = (model: LibraryModel, { system, messages, tools }: Conversation): Context => {
  const talk = messages.findIndex(({ role }) => role !== 'system')
  const leading = messages.slice(0, talk < 0 ? messages.length : talk)
  const systemPrompt = [system, ...leading.map(({ content }) => content)].filter((part) => part !== '').join('\n\n')
  return {
    ...(systemPrompt === '' ? {} : { systemPrompt }),
    messages: resultsFirst(messages.slice(leading.length)).flatMap((message) => entry(model, message)),
    ...(tools.length === 0 ? {} : { tools: tools.map(tool) }),
  }
}
