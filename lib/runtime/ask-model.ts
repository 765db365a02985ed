import type { Reservation } from '@/lib/governance'
import type { Attempt, ModelAnswer, ModelRef } from '@/lib/providers'
import { boundTokens, type ChatMessage, estimateTokens, type ToolSpec } from '@/lib/shared/chat'
import { uuidv7 } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import { isWithinGrant } from './grant'
import type { Run } from './run'

export type Question = {
  model: ModelRef
  fallback: ModelRef | null
  system: string
  messages: readonly ChatMessage[]
  tools: readonly ToolSpec[]
  temperature: number
  maxTokens: number
  onText?: (delta: string) => void | Promise<void>
}

const textOf = (message: ChatMessage): string =>
  message.role === 'assistant' && message.tool_calls
    ? `${message.content}${JSON.stringify(message.tool_calls)}`
    : message.content

type Prompt = Pick<Question, 'system' | 'messages' | 'tools'>

const countOf = (question: Prompt, count: (text: string) => number): number =>
  count(question.system) +
  question.messages.reduce((sum, message) => sum + count(textOf(message)), 0) +
  question.tools.reduce((sum, tool) => sum + count(JSON.stringify(tool)), 0)

// What money is held for, and what people are told.
export const promptTokensOf = (question: Prompt): number => countOf(question, boundTokens)
export const shownTokensOf = (question: Prompt): number => countOf(question, estimateTokens)

// What a replay gives again, and how much the model was shown.
const answerOf = ({ text, toolCalls }: Said): object => ({
  ...(text === '' ? {} : { text }),
  ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
})

type Said = Pick<Extract<ModelAnswer, { ok: true }>, 'text' | 'toolCalls'>

const noteAttempt = (run: Run, question: Question, attempt: Attempt, said: Said | null): void => {
  run.meter.record(attempt)
  const { usage, model } = attempt
  run.chain.add('llm_call', attempt.startedAt, attempt.durationMs, {
    model: model.id,
    provider: model.provider,
    input_tokens: usage.input + usage.cacheRead + usage.cacheWrite,
    output_tokens: usage.output,
    ...(usage.cacheRead > 0 ? { cache_read_tokens: usage.cacheRead } : {}),
    ...(usage.cacheWrite > 0 ? { cache_write_tokens: usage.cacheWrite } : {}),
    input_messages: question.messages.length,
    tools_offered: question.tools.length,
    has_tool_calls: said !== null && said.toolCalls.length > 0,
    attempt: attempt.attempt,
    outcome: attempt.outcome,
    billable: attempt.billable,
    ...(attempt.isEstimated ? { usage_estimated: true } : {}),
    ...(attempt.finish ? { finish_reason: attempt.finish } : {}),
    ...(attempt.retryOf ? { retry_of: attempt.retryOf } : {}),
    ...(attempt.isFallback ? { fallback: true } : {}),
    ...(attempt.status === undefined ? {} : { status: attempt.status }),
    ...(attempt.reason ? { reason: attempt.reason } : {}),
    attempt_id: attempt.id,
    ...(said ? answerOf(said) : {}),
  })
}

// Steps add up: what a token has left is for all of a run.
const isAffordable = (run: Run, hold: Reservation): boolean =>
  isWithinGrant(run.scope, run.meter.totals().cost + hold.amount)

// What cannot be held is not asked for.
const held = (run: Run, hold: Reservation): Promise<boolean> =>
  run.flush([hold]).catch((cause: unknown) => {
    throw new Problem('ledger_unavailable', undefined, undefined, { cause })
  })

// What names the first attempt: the line of the ledger that holds its money.
export type Held = Pick<Reservation, 'id'>

// One step of a run. Each attempt is a line of the ledger that was held before the provider was asked.
export const askModel = async (run: Run, question: Question, first: Held): Promise<ModelAnswer> => {
  const size = { prompt: promptTokensOf(question), output: question.maxTokens }
  const noted = new Set<string>()
  const note = (attempt: Attempt, said: Said | null = null): void => {
    if (noted.has(attempt.id)) return
    noted.add(attempt.id)
    noteAttempt(run, question, attempt, said)
  }
  const answer = await run.port.call({
    ...question,
    signal: run.signal,
    deadlineMs: run.timeLeft(),
    firstAttemptId: first.id,
    tenantId: run.scope.tenantId,
    onRetry: async (failed, next) => {
      note(failed)
      const hold = run.meter.hold(next.id, next.model, size)
      return isAffordable(run, hold) && held(run, hold)
    },
  })
  for (const attempt of answer.attempts) note(attempt, answer.ok && attempt.outcome === 'ok' ? answer : null)
  return answer
}

// Null where the next step does not fit the budget.
export const holdStep = async (run: Run, question: Question): Promise<Held | null> => {
  if (run.port.isRecorded) return run.port.mayGoOn() ? { id: 'recorded' } : null
  const size = { prompt: promptTokensOf(question), output: question.maxTokens }
  const hold = run.meter.hold(uuidv7(run.scope.clock.now().getTime()), question.model, size)
  return isAffordable(run, hold) && (await held(run, hold)) ? hold : null
}
