import type { ToolCall, Usage } from '@/lib/shared/chat'

export type ModelRef = {
  provider: string
  id: string
  // provider/id, which resolves to the same model again
  name: string
  contextWindow: number
  maxOutput: number
  isDemo: boolean
}

export type FailureClass =
  | 'rate_limited'
  | 'overloaded'
  | 'server'
  | 'network'
  | 'timeout_idle'
  | 'timeout_total'
  | 'auth'
  | 'bad_request'
  | 'context_overflow'
  | 'content_filter'
  | 'empty_response'
  | 'invalid_tool_call'
  | 'unmetered_cut'
  | 'aborted_by_client'
  | 'cooldown'

export type Finish = 'stop' | 'length' | 'tool_calls'

export type AttemptStart = { id: string; attempt: number; model: ModelRef; isFallback: boolean; retryOf?: string }

export type Attempt = AttemptStart & {
  startedAt: Date
  durationMs: number
  outcome: 'ok' | FailureClass
  status?: number
  reason?: string
  usage: Usage
  isEstimated: boolean
  billable: 'metered' | 'estimated' | 'none'
  finish?: Finish
}

export type ModelAnswer =
  | {
      ok: true
      text: string
      thinking?: string
      toolCalls: readonly ToolCall[]
      finish: Finish
      usage: Usage
      isEstimated: boolean
      model: ModelRef
      attempts: readonly Attempt[]
    }
  | {
      ok: false
      kind: 'provider_error' | 'provider_empty' | 'timeout' | 'cancelled' | 'budget'
      message: string
      partialText: string
      attempts: readonly Attempt[]
    }
