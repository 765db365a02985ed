import type { ChatMessage, ToolSpec, Usage } from '@/lib/shared/chat'
import type { FailureClass, Finish, ModelRef } from './model-ref'

// What an attempt needs of whoever answers: the library with seven providers below it, or the demo model.
export type Request = {
  model: ModelRef
  system: string
  messages: readonly ChatMessage[]
  tools: readonly ToolSpec[]
  temperature: number
  maxTokens: number
  // Of the whole call, for a demo model that is told to fail at first
  attempt: number
  key: string
  signal: AbortSignal
  // The provider has begun to answer; arguments of a tool call have come in
  onReply: () => void
  onArguments: () => void
}

export type RawToolCall = { id: string; name: string; arguments: unknown; text: string }

// What comes in while the model answers; the last piece is the end.
export type Piece =
  | { kind: 'begun' }
  | { kind: 'text' | 'thinking'; delta: string }
  | { kind: 'tool'; characters: number }
  | { kind: 'end'; ending: Ending }

export type Ending = {
  // Null: no error was seen
  error: string | null
  finish: Finish
  // As the provider wrote it; null: it wrote none
  rawFinish: string | null
  toolCalls: readonly RawToolCall[]
  usage: Usage
  isOverflow: boolean
}

// Found on the line: the answer was ended there.
export type Fault = { outcome: Extract<FailureClass, 'invalid_tool_call' | 'unmetered_cut'>; reason: string }

export type Seen = {
  isSent: boolean
  status: number | null
  retryAfter: string | null
  causeCode: string | null
  // The body of a refusal, of which the library tells a part
  refusal: string
  argumentCharacters: number
  fault: Fault | null
}

export type Upstream = { pieces: AsyncIterable<Piece>; seen: Seen }
