import { kernel } from '@/lib/core/kernel'
import type { Attempt, ModelAnswer, ModelCall, ModelRef } from '@/lib/providers'
import type { ModelPort } from '../model-port'
import { compareCall } from './compare-call'
import { diverged, type Found, RecordEnds } from './divergence'
import type { RecordedAttempt, RecordedCall } from './recorded-calls'
import { questionAt } from './recorded-question'
import type { RecordedRun } from './recorded-run'

// A model as it was, whether or not anybody offers it today.
export const pastModel = (name: string): ModelRef => {
  const at = name.indexOf('/')
  const [provider, id] = at < 0 ? ['', name] : [name.slice(0, at), name.slice(at + 1)]
  return {
    provider,
    id,
    name,
    contextWindow: Number.MAX_SAFE_INTEGER,
    maxOutput: Number.MAX_SAFE_INTEGER,
    isDemo: false,
  }
}

const attemptOf = (step: RecordedAttempt): Attempt => ({
  id: step.attempt_id,
  attempt: step.attempt,
  model: pastModel(`${step.provider}/${step.model}`),
  isFallback: step.fallback,
  ...(step.retry_of === undefined ? {} : { retryOf: step.retry_of }),
  startedAt: kernel().clock.now(),
  durationMs: step.durationMs,
  outcome: step.outcome as Attempt['outcome'],
  ...(step.status === undefined ? {} : { status: step.status }),
  ...(step.reason === undefined ? {} : { reason: step.reason }),
  usage: {
    input: step.input_tokens - step.cache_read_tokens - step.cache_write_tokens,
    output: step.output_tokens,
    cacheRead: step.cache_read_tokens,
    cacheWrite: step.cache_write_tokens,
  },
  isEstimated: step.usage_estimated,
  billable: step.billable,
  ...(step.finish_reason === undefined ? {} : { finish: step.finish_reason }),
})

const failureOf = ({ record }: RecordedRun, attempts: readonly Attempt[]): ModelAnswer => {
  const message = record.outcome['message']
  const partialText = typeof message === 'string' ? message : ''
  const kind = record.status === 'success' ? 'budget' : 'provider_error'
  return { ok: false, kind, message: record.error ?? '', partialText, attempts }
}

const answerOf = (run: RecordedRun, call: RecordedCall): ModelAnswer => {
  const attempts = call.attempts.map(attemptOf)
  const last = attempts.at(-1)
  if (!call.isAnswered || !last) return failureOf(run, attempts)
  const { usage, isEstimated, model, finish = 'stop' } = last
  return { ok: true, text: call.text, toolCalls: call.toolCalls, finish, usage, isEstimated, model, attempts }
}

const endedForMoney = ({ record }: RecordedRun): boolean =>
  record.stopReason === 'budget' ||
  record.errorCode?.startsWith('budget_') === true ||
  record.errorCode === 'request_exceeds_budget'

const past = (run: RecordedRun): never => {
  if (run.record.status !== 'success') throw new RecordEnds('The recorded run broke off here')
  const step = run.record.steps.length + 1
  return diverged({ step, kind: 'steps', what: 'The model would be asked once more than it was.' })
}

export type RecordedPort = ModelPort & {
  // The first recorded question that nobody asked.
  left(): RecordedCall | undefined
}

type Further = (asked: ModelCall) => Found | null

/** Answers as they were recorded, as long as the questions are. `further` judges the first question as well. */
export const recordedPort = (run: RecordedRun, further: Further = () => null): RecordedPort => {
  let at = 0
  return {
    isRecorded: true,
    mayGoOn: () => at < run.calls.length || !endedForMoney(run),
    call: async (asked) => {
      const expected = questionAt(run, at)
      if (!expected) return past(run)
      if (asked.signal.aborted) throw asked.signal.reason
      const found = compareCall(asked, expected) ?? (at === 0 ? further(asked) : null)
      if (found) return diverged(found)
      at++
      return answerOf(run, expected.call)
    },
    left: () => run.calls[at],
  }
}
