import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { uuidv7 } from '@/lib/shared/id'
import { passFor, reportTo } from './cooldown'
import type { Attempt, AttemptStart, FailureClass, ModelAnswer, ModelRef } from './model-ref'
import { pause, retryDelay } from './retry-delay'
import { type AttemptResult, type Prompt, runAttempt, unsent } from './run-attempt'
import { isLate } from './watch'

export type ModelCall = Prompt & {
  model: ModelRef
  fallback: ModelRef | null
  // Monotonic time left for the whole call, retries included
  deadlineMs: number
  // Already reserved by the caller
  firstAttemptId: string
  // Whose failures these are
  tenantId?: string
  // Before every attempt but the first: the failed one is settled and the next one reserved, or refused with false
  onRetry?: (failed: Attempt, next: AttemptStart) => Promise<boolean>
}

type Run = {
  call: ModelCall
  endsAt: number
  attempts: Attempt[]
  last: AttemptResult | null
  hasSpoken: boolean
  // As long as the provider had asked for
  hasWaited: boolean
}

type Kind = Extract<ModelAnswer, { ok: false }>['kind']

// The next attempt may go better.
const RETRYABLE = new Set<FailureClass>([
  'rate_limited',
  'overloaded',
  'server',
  'network',
  'timeout_idle',
  'empty_response',
  'unmetered_cut',
  'invalid_tool_call',
])

// Another model would be asked the same and refuse the same, or nobody waits for it any more.
const FINAL = new Set<FailureClass>(['content_filter', 'aborted_by_client', 'timeout_total'])

const nextStart = ({ call, attempts }: Run, model: ModelRef): AttemptStart => {
  const before = attempts.at(-1)
  const isFallback = model !== call.model
  if (!before) return { id: call.firstAttemptId, attempt: 1, model, isFallback }
  const id = uuidv7(kernel().clock.now().getTime())
  return { id, attempt: before.attempt + 1, model, isFallback, retryOf: before.id }
}

const attemptOnce = async (run: Run, start: AttemptStart): Promise<AttemptResult> => {
  const { call, endsAt } = run
  if (isLate(endsAt, call.signal)) return unsent(start, 'timeout_total', 'No time was left')
  if (call.signal.aborted) return unsent(start, 'aborted_by_client', 'The caller had gone')
  const caller = { callId: call.firstAttemptId, tenantId: call.tenantId ?? '' }
  const pass = passFor(start.model, caller, run.hasWaited)
  if (pass === null) return unsent(start, 'cooldown', 'The model failed often and is left alone for a while')
  const onText = call.onText
  const prompt: Prompt = onText
    ? {
        ...call,
        onText: (delta) => {
          run.hasSpoken = true
          return onText(delta)
        },
      }
    : call
  const result = await runAttempt(start, prompt, endsAt)
  reportTo(pass, start.model, result.attempt.outcome, result.retryAfterMs)
  return result
}

const tell = ({ model, outcome, status, attempt, durationMs }: Attempt): void => {
  const fields = { provider: model.provider, model: model.id, outcome, status, attempt, durationMs }
  kernel().log.warn('model attempt failed', fields)
}

// One attempt with what goes before it. False: the caller refused, or went away while it was waited for.
const step = async (run: Run, model: ModelRef): Promise<'done' | 'budget'> => {
  const start = nextStart(run, model)
  const failed = run.attempts.at(-1)
  if (failed && run.call.onRetry && !(await run.call.onRetry(failed, start))) return 'budget'
  run.last = await attemptOnce(run, start)
  run.hasWaited = false
  run.attempts.push(run.last.attempt)
  if (run.last.attempt.outcome !== 'ok') tell(run.last.attempt)
  return 'done'
}

const waitBefore = (run: Run, failed: number): number => {
  const { env } = kernel()
  const jitter = env.CLASPER_RETRY_JITTER
  const asked = run.last?.retryAfterMs ?? null
  // Never before the time that was asked for, and not all at once.
  if (asked !== null) return Math.round(asked * (1 + jitter * Math.random()))
  const settings = { baseMs: env.CLASPER_RETRY_DELAY_MS, maxMs: env.CLASPER_RETRY_MAX_DELAY_MS, jitter }
  return retryDelay(failed, settings, Math.random())
}

// Ends with the model's last word: success, or what another attempt with it would not change.
const askModel = async (run: Run, model: ModelRef): Promise<'done' | 'budget'> => {
  const most = kernel().env.CLASPER_RETRY_ATTEMPTS
  for (let n = 1; ; n++) {
    if ((await step(run, model)) === 'budget') return 'budget'
    const outcome = run.last?.attempt.outcome
    if (outcome === undefined || outcome === 'ok' || !RETRYABLE.has(outcome)) return 'done'
    if (run.hasSpoken || n >= most) return 'done'
    const wait = waitBefore(run, n)
    if (wait >= run.endsAt - monotonicMs()) return 'done'
    if (!(await pause(wait, run.call.signal))) return 'done'
    run.hasWaited = run.last?.retryAfterMs !== null
  }
}

const mayFailOver = ({ call, last, hasSpoken, endsAt }: Run): boolean => {
  const { fallback, model, signal } = call
  if (fallback === null || last === null || last.attempt.outcome === 'ok' || hasSpoken || signal.aborted) return false
  const { outcome, status } = last.attempt
  if (FINAL.has(outcome) || endsAt - monotonicMs() <= 0) return false
  if (outcome === 'context_overflow') return fallback.contextWindow > model.contextWindow
  // Not found is a model that the provider does not have.
  return outcome !== 'bad_request' || status === 404
}

const kindOf = (outcome: FailureClass): Kind => {
  if (outcome === 'aborted_by_client') return 'cancelled'
  if (outcome === 'timeout_total') return 'timeout'
  return outcome === 'empty_response' ? 'provider_empty' : 'provider_error'
}

const MESSAGES: Readonly<Record<Kind, string>> = {
  provider_error: 'No model answered',
  provider_empty: 'The model answered with nothing',
  timeout: 'The deadline has passed',
  cancelled: 'The call was cancelled',
  budget: 'The budget does not allow another attempt',
}

const failure = (run: Run, kind: Kind): ModelAnswer => {
  const { outcome, status, reason, model } = run.attempts.at(-1) ?? {}
  const detail = [model?.name, outcome, status, reason].filter((part) => part !== undefined).join(' ')
  const message =
    kind === 'provider_error' || kind === 'provider_empty' ? `${MESSAGES[kind]}: ${detail}` : MESSAGES[kind]
  return { ok: false, kind, message, partialText: run.last?.text ?? '', attempts: run.attempts }
}

// Who was told to stop when the time was over was stopped by the clock.
const endedKind = ({ call, last, endsAt }: Run): Kind | null => {
  if (!call.signal.aborted) return null
  const outcome = last?.attempt.outcome
  if (outcome === 'timeout_total') return 'timeout'
  return outcome !== 'aborted_by_client' && isLate(endsAt, call.signal) ? 'timeout' : 'cancelled'
}

const answerOf = (run: Run): ModelAnswer => {
  const { last, attempts } = run
  if (last === null) return failure(run, 'cancelled')
  const { outcome } = last.attempt
  if (outcome !== 'ok') return failure(run, endedKind(run) ?? kindOf(outcome))
  const { usage, isEstimated, model, finish = 'stop' } = last.attempt
  return {
    ok: true,
    text: last.text,
    ...(last.thinking === '' ? {} : { thinking: last.thinking }),
    toolCalls: last.toolCalls,
    finish,
    usage,
    isEstimated,
    model,
    attempts,
  }
}

// Answers in every case: what a provider, a network or a clock does is in the answer.
export const callModel = async (call: ModelCall): Promise<ModelAnswer> => {
  const endsAt = monotonicMs() + call.deadlineMs
  const run: Run = { call, endsAt, attempts: [], last: null, hasSpoken: false, hasWaited: false }
  if ((await askModel(run, call.model)) === 'budget') return failure(run, 'budget')
  if (call.fallback && mayFailOver(run) && (await askModel(run, call.fallback)) === 'budget')
    return failure(run, 'budget')
  return answerOf(run)
}
