import { z } from 'zod'
import type { opsStream } from '@/lib/runtime/contract'
import { isApiError } from '@/lib/shared/api-client'
import type { BodySent } from '@/lib/shared/contract'
import type { EventOf } from '@/lib/shared/stream-client'

export type Ask = BodySent<typeof opsStream>
export type RunEvent = EventOf<typeof opsStream>
export type Done = Extract<RunEvent, { type: 'done' }>

export type ToolState = 'running' | 'done' | 'failed' | 'refused'
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'tool'; id: string; name: string; state: ToolState; durationMs: number | null }

export type Failure = { message: string; code: string; requestId: string | null; faults: readonly string[] }

// One question and what came of it. `stopped` and `failed` answers are no part of the conversation that goes on.
export type Turn = {
  id: number
  ask: Ask
  modelName: string
  parts: readonly Part[]
  state: 'waiting' | 'answering' | 'done' | 'stopped' | 'failed'
  traceId: string | null
  reply: Done | null
  failure: Failure | null
}

export const newTurn = (id: number, ask: Ask, modelName: string): Turn => ({
  id,
  ask,
  modelName,
  parts: [],
  state: 'waiting',
  traceId: null,
  reply: null,
  failure: null,
})

const withText = (parts: readonly Part[], data: string): readonly Part[] => {
  const last = parts.at(-1)
  if (last?.kind !== 'text') return [...parts, { kind: 'text', text: data }]
  return [...parts.slice(0, -1), { kind: 'text', text: last.text + data }]
}

const endOfTool = (part: Part, { id, success, duration_ms }: Extract<RunEvent, { type: 'tool_result' }>): Part => {
  if (part.kind !== 'tool' || part.id !== id) return part
  const state = part.state === 'refused' ? 'refused' : success ? 'done' : 'failed'
  return { ...part, state, durationMs: duration_ms }
}

export const afterEvent = (turn: Turn, event: RunEvent): Turn => {
  switch (event.type) {
    case 'start':
      return { ...turn, state: 'answering', traceId: event.trace_id }
    case 'chunk':
      return { ...turn, parts: withText(turn.parts, event.data) }
    case 'tool_call': {
      const state = event.permitted ? 'running' : 'refused'
      const tool = { kind: 'tool', id: event.id, name: event.name, state, durationMs: null } as const
      return { ...turn, parts: [...turn.parts, tool] }
    }
    case 'tool_result':
      return { ...turn, parts: turn.parts.map((part) => endOfTool(part, event)) }
    // What it waits for is said again in the last event.
    case 'approval_required':
      return turn
    case 'done':
      return { ...turn, state: 'done', traceId: event.trace_id, reply: event }
    case 'error': {
      const failure = { message: event.error, code: event.code, requestId: null, faults: [] }
      return { ...turn, state: 'failed', traceId: event.trace_id, failure }
    }
  }
}

const Faults = z
  .object({ fieldErrors: z.record(z.string(), z.array(z.string())), formErrors: z.array(z.string()) })
  .partial()
  .catch({})

const faultsIn = (details: unknown): string[] => {
  const { fieldErrors = {}, formErrors = [] } = Faults.parse(details)
  return [...formErrors, ...Object.entries(fieldErrors).map(([field, said]) => `${field}: ${said.join(', ')}`)]
}

// Refused before it was opened, a run leaves no trace; once a model was asked it always does.
const LEAVES_TRACE = ['provider_error', 'provider_empty', 'timeout']

export const afterError = (turn: Turn, error: unknown): Turn => {
  if (error instanceof Error && error.name === 'AbortError') return { ...turn, state: 'stopped' }
  const failure: Failure = isApiError(error)
    ? { message: error.message, code: error.code, requestId: error.requestId, faults: faultsIn(error.details) }
    : { message: 'The page met something that it did not expect.', code: 'unknown', requestId: null, faults: [] }
  const found = isApiError(error) && LEAVES_TRACE.includes(error.code) ? error.traceId : null
  return { ...turn, state: 'failed', failure, traceId: turn.traceId ?? found }
}

// A stream that ends without its last event has been cut.
export const afterEnd = (turn: Turn): Turn =>
  turn.state === 'waiting' || turn.state === 'answering'
    ? {
        ...turn,
        state: 'failed',
        failure: { message: 'The answer ended early.', code: 'network', requestId: null, faults: [] },
      }
    : turn

export const isOpen = ({ state }: Turn): boolean => state === 'waiting' || state === 'answering'

export const isCounted = ({ reply }: Turn): boolean =>
  reply !== null && !reply.suppressed && reply.response !== '' && reply.stop_reason !== 'approval_required'

// What the next question is sent with.
export const historyOf = (turns: readonly Turn[]): NonNullable<Ask['messages']> =>
  turns.filter(isCounted).flatMap(({ ask, reply }) => [
    { role: 'user' as const, content: ask.message },
    { role: 'assistant' as const, content: reply?.response ?? '' },
  ])
