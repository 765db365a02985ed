import type { Scope } from '@/lib/core/scope'
import { asProblem } from '@/lib/http/problem-reply'
import type { StreamEvent } from '@/lib/http/sse'
import { type Channel, createChannel } from './channel'
import type { Conversation, RunReply } from './contract'
import { createHoldBack } from './hold-back'
import type { RunRequest } from './request'
import { requestOf } from './request'
import { runAgent } from './run-agent'
import type { Sink } from './sink'

const START_MS = 2_000

const event = (type: string, data: object): StreamEvent => ({ event: type, data: { type, ...data } })

const doneOf = ({ status: _, provider: __, ...reply }: RunReply): StreamEvent => event('done', reply)

// Whoever reads along learns that the run stands still, and what for.
const waitsOf = ({ trace_id, execution_id, decision_id, decision_ids, required_role, expires_at }: RunReply) =>
  event('approval_required', { trace_id, execution_id, decision_id, decision_ids, required_role, expires_at })

const lastOf = (reply: RunReply): StreamEvent[] =>
  reply.status === 'pending_approval' ? [waitsOf(reply), doneOf(reply)] : [doneOf(reply)]

type Gate = { open(): Promise<void>; isOpen(): boolean; know(ids: object): void }

// `start` goes out with the first sign of life, so that a failure before it is still an ordinary status.
const gateOf = (scope: Scope, channel: Channel<StreamEvent>, onOpen: () => void): Gate => {
  const state = { isOpen: false, ids: {} as object }
  return {
    know: (ids) => {
      state.ids = ids
    },
    isOpen: () => state.isOpen,
    open: async () => {
      if (state.isOpen) return
      state.isOpen = true
      const unknown = { trace_id: scope.traceId, execution_id: null, task_id: null }
      await channel.push(event('start', { ...unknown, ...state.ids }))
      onOpen()
    },
  }
}

const sinkOf = (channel: Channel<StreamEvent>, gate: Gate): Sink & { rest(): Promise<void> } => {
  const hold = createHoldBack()
  const chunk = async (text: string) => {
    if (text === '') return
    await gate.open()
    await channel.push(event('chunk', { data: text }))
  }
  const told = async (type: string, about: object) => {
    await gate.open()
    await channel.push(event(type, about))
  }
  return {
    opened: gate.know,
    text: (delta) => chunk(hold.push(delta)),
    nextText: () => chunk(hold.next()),
    toolCall: (about) => told('tool_call', about),
    toolResult: (about) => told('tool_result', about),
    rest: () => chunk(hold.end()),
  }
}

const failureOf = (scope: Scope, error: unknown): StreamEvent => {
  const { message, code, body } = asProblem(error)
  return event('error', { error: message, code, trace_id: scope.traceId, ...body })
}

// A run like every other; only its reader is there while it happens.
export const streamRun = async (scope: Scope, request: RunRequest): Promise<AsyncIterable<StreamEvent>> => {
  const channel = createChannel<StreamEvent>()
  return new Promise((resolve, reject) => {
    const gate = gateOf(scope, channel, () => resolve(channel))
    const sink = sinkOf(channel, gate)
    const timer = setTimeout(() => void gate.open(), START_MS)
    const ended = async (...last: StreamEvent[]) => {
      for (const one of last) await channel.push(one)
      channel.end()
    }
    const succeeded = async (reply: RunReply) => {
      gate.know({ trace_id: reply.trace_id, execution_id: reply.execution_id, task_id: reply.task_id })
      if (!reply.suppressed) await sink.rest()
      await gate.open()
      await ended(...lastOf(reply))
    }
    const failed = async (error: unknown) => {
      if (!gate.isOpen()) return reject(error)
      await ended(failureOf(scope, error))
      if (scope.once && !scope.once.isTaken) await scope.once.release()
    }
    void runAgent(scope, request, sink)
      .then(succeeded, failed)
      .catch((error: unknown) => scope.log.error('a stream could not be ended', { error, traceId: scope.traceId }))
      .finally(() => {
        clearTimeout(timer)
        channel.end()
      })
  })
}

// A repetition is told the first answer, in one piece.
export const retell = async function* (reply: RunReply): AsyncGenerator<StreamEvent> {
  const { trace_id, execution_id, task_id } = reply
  yield event('start', { trace_id, execution_id, task_id })
  if (!reply.suppressed && reply.response !== '') yield event('chunk', { data: reply.response })
  yield* lastOf(reply)
}

export const stream = async (scope: Scope, body: Conversation): Promise<AsyncIterable<StreamEvent>> => {
  const known = scope.once?.known?.reply as RunReply | undefined
  if (known) return retell(known)
  return streamRun(scope, requestOf(scope, body, { kind: 'stream', needsTask: false }))
}
