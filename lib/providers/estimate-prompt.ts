import { type ChatMessage, estimateTokens, type ToolSpec } from '@/lib/shared/chat'

type Prompt = { system: string; messages: readonly ChatMessage[]; tools: readonly ToolSpec[] }

const ofMessage = (message: ChatMessage): number =>
  estimateTokens(message.content) +
  (message.role === 'assistant' && message.tool_calls ? estimateTokens(JSON.stringify(message.tool_calls)) : 0)

export const estimatePrompt = ({ system, messages, tools }: Prompt): number =>
  estimateTokens(system) +
  messages.reduce((sum, message) => sum + ofMessage(message), 0) +
  tools.reduce((sum, tool) => sum + estimateTokens(JSON.stringify(tool)), 0)
