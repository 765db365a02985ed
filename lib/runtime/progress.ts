import type { ModelRef } from '@/lib/providers'
import type { ChatMessage, ToolCall } from '@/lib/shared/chat'
import type { ToolOutcome } from '@/lib/tools'

export type ToolRecord = { call: ToolCall; outcome: ToolOutcome }

// All that the next step of a run needs to know of those before it.
export type LoopState = {
  step: number
  messages: ChatMessage[]
  records: ToolRecord[]
  text: string
  model: ModelRef
}

// A call of the answer that the run stopped in: under its key, or under the decision that a person has to make.
export type KeptCall = { call: ToolCall; tool: string; key: string; decisionId?: string }

// What is still to be done for an answer whose tools are not all done.
export type Half = {
  answer: { text: string; toolCalls: readonly ToolCall[] }
  records: readonly ToolRecord[]
  // To be done without asking anybody: begun, perhaps, by a process that died.
  ready: readonly KeptCall[]
  waiting: readonly KeptCall[]
}

export type Progress = {
  loop: LoopState
  half: Half | null
  keys: Readonly<Record<string, number>>
  toolCallCount: number
}
