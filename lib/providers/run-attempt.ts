import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { redactText } from '@/lib/core/redact'
import { type ChatMessage, NO_USAGE, type ToolCall, type ToolSpec, type Usage } from '@/lib/shared/chat'
import { checkAnswer } from './check-answer'
import { classifyFailure, wasRefused } from './classify-failure'
import { openDemo } from './demo-stream'
import { estimatePrompt } from './estimate-prompt'
import { isLoaded, loadLibrary } from './library-load'
import { openLibrary } from './library-stream'
import { maskKey } from './mask-key'
import type { Attempt, AttemptStart, FailureClass, Finish } from './model-ref'
import { isProvider, keyNameOf, keyOf, PROVIDERS, type ProviderName } from './provider-table'
import type { Ending, Piece, Request, Seen, Upstream } from './upstream'
import { createWatch, type Watch } from './watch'

export type Prompt = {
  system: string
  messages: readonly ChatMessage[]
  tools: readonly ToolSpec[]
  temperature: number
  maxTokens: number
  signal: AbortSignal
  onText?: (delta: string) => void | Promise<void>
}

export type AttemptResult = {
  attempt: Attempt
  text: string
  thinking: string
  toolCalls: readonly ToolCall[]
  // From the line, in milliseconds
  retryAfterMs: number | null
}

// What has come in so far, whoever ends the attempt.
type Progress = { text: string; thinking: string; toolCharacters: number; ending: Ending | null }

type Verdict = {
  outcome: 'ok' | FailureClass
  reason?: string
  status?: number
  finish?: Finish
  toolCalls?: readonly ToolCall[]
}

const MOST_TEXT = 4 * 1_048_576

// Pieces without content are no sign of life.
const take = (piece: Piece, watch: Watch, progress: Progress): void => {
  if (piece.kind === 'end') progress.ending = piece.ending
  else if (piece.kind === 'begun') watch.sign()
  else if (piece.kind === 'tool' ? piece.characters > 0 : piece.delta !== '') watch.answering()
  if (piece.kind === 'thinking') progress.thinking += piece.delta
  if (piece.kind === 'tool') progress.toolCharacters += piece.characters
  if (piece.kind === 'text') progress.text += piece.delta
}

const consume = async (upstream: Upstream, watch: Watch, progress: Progress, onText: Prompt['onText']) => {
  for await (const piece of upstream.pieces) {
    if (watch.endedBy() !== null) return
    take(piece, watch, progress)
    if (piece.kind === 'text' && piece.delta !== '' && onText)
      await watch.whileCallerTakes(() => onText(piece.delta)).catch(watch.leave)
    if (watch.endedBy() !== null) return
    if (progress.text.length <= MOST_TEXT && progress.thinking.length <= MOST_TEXT) continue
    upstream.seen.fault ??= { outcome: 'unmetered_cut', reason: 'The answer is too long' }
    return
  }
}

const broken = (error: unknown): Ending => ({
  error: error instanceof Error ? error.message : String(error),
  finish: 'stop',
  rawFinish: null,
  toolCalls: [],
  usage: NO_USAGE,
  isOverflow: false,
})

const MOST_REASON = 400

const MOST_READ = 65_536

const short = (text: string, key: string): string =>
  redactText(maskKey(text.slice(0, MOST_READ), key))
    .replaceAll(/\s+/g, ' ')
    .slice(0, MOST_REASON)

const apiOf = (provider: string) => (isProvider(provider) ? PROVIDERS[provider].api : 'openai-responses')

const verdictOf = ({ model, key }: Request, progress: Progress, seen: Seen, watch: Watch): Verdict => {
  const endedBy = watch.endedBy()
  const { ending, text } = progress
  const status = seen.status === null ? {} : { status: seen.status }
  if (endedBy !== null) return { outcome: endedBy, ...status }
  if (seen.fault !== null) return { ...seen.fault, ...status }
  if (ending === null) return { outcome: 'unmetered_cut', ...status, reason: 'The answer ended without an end' }
  if (ending.error !== null) {
    const failure = classifyFailure(apiOf(model.provider), ending, seen)
    return { ...failure, reason: short(failure.reason, key) }
  }
  const checked = checkAnswer(text, ending)
  return checked.ok
    ? { outcome: 'ok', ...status, finish: checked.finish, toolCalls: checked.toolCalls }
    : { outcome: checked.outcome, ...status, reason: checked.reason }
}

// Each half that the provider did not tell is estimated: an accepted call is never free.
const estimated = (prompt: Prompt, progress: Progress, seen: Seen, known: Usage): Usage => {
  const ofTools = Math.max(progress.toolCharacters, seen.argumentCharacters)
  const characters = progress.text.length + progress.thinking.length + ofTools
  const prompted = known.input + known.cacheRead + known.cacheWrite
  return {
    ...known,
    input: prompted > 0 ? known.input : estimatePrompt(prompt),
    output: Math.max(known.output, Math.ceil(characters / 4), 1),
  }
}

type Bill = Pick<Attempt, 'usage' | 'isEstimated' | 'billable'>

const FREE: Bill = { usage: NO_USAGE, isEstimated: false, billable: 'none' }

// Answers that came to their end carry their figures; what was torn off does not, whatever it says so far.
const COMPLETE = new Set<Attempt['outcome']>(['ok', 'empty_response', 'invalid_tool_call', 'content_filter'])

const billOf = (outcome: Attempt['outcome'], prompt: Prompt, progress: Progress, seen: Seen): Bill => {
  if (wasRefused(seen)) return FREE
  const known = progress.ending?.usage ?? NO_USAGE
  const isWhole = known.input + known.cacheRead + known.cacheWrite > 0 && (known.output > 0 || outcome !== 'ok')
  if (COMPLETE.has(outcome) && isWhole && seen.fault === null)
    return { usage: known, isEstimated: false, billable: 'metered' }
  return { usage: estimated(prompt, progress, seen, known), isEstimated: true, billable: 'estimated' }
}

const LATEST_RETRY_MS = 86_400_000

// Google says it in the body.
const WAIT_IN_BODY = /"retryDelay"\s*:\s*"(\d+(?:[.]\d+)?)s"/

const retryAfterOf = (seen: Seen, ending: Ending | null): number | null => {
  const retryAfter = seen.retryAfter ?? WAIT_IN_BODY.exec(ending?.error ?? '')?.[1]
  if (retryAfter === undefined) return null
  const seconds = Number(retryAfter)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter) - kernel().clock.now().getTime()
  return Number.isFinite(ms) ? Math.min(LATEST_RETRY_MS, Math.max(0, ms)) : null
}

// Never sent: no key, no time, a caller who has gone, or a model that is left alone for a while.
export const unsent = (start: AttemptStart, outcome: FailureClass, reason: string): AttemptResult => ({
  attempt: { ...start, startedAt: kernel().clock.now(), durationMs: 0, outcome, reason, ...FREE },
  text: '',
  thinking: '',
  toolCalls: [],
  retryAfterMs: null,
})

const keyFor = (provider: ProviderName): string => {
  const key = keyOf(kernel().env, provider)
  return key.includes('sk-ant-oat') ? '' : key
}

type Obstacle = { outcome: FailureClass; reason: string }

const obstacleTo = async (provider: ProviderName, key: string): Promise<Obstacle | null> => {
  if (key === '') return { outcome: 'auth', reason: `${keyNameOf(provider)} is not set` }
  if (isLoaded(provider)) return null
  try {
    await loadLibrary(provider)
    return null
  } catch (error) {
    return {
      outcome: 'bad_request',
      reason: `The library of ${provider} cannot be loaded: ${short(String(error), key)}`,
    }
  }
}

const watchFor = (prompt: Prompt, endsAt: number): Watch => {
  const { CLASPER_MODEL_HEADER_MS: headerMs, CLASPER_MODEL_IDLE_MS: idleMs } = kernel().env
  return createWatch({ client: prompt.signal, headerMs, idleMs, endsAt })
}

export const runAttempt = async (start: AttemptStart, prompt: Prompt, endsAt: number): Promise<AttemptResult> => {
  const { model } = start
  const key = isProvider(model.provider) ? keyFor(model.provider) : ''
  const obstacle = isProvider(model.provider) ? await obstacleTo(model.provider, key) : null
  if (obstacle) return unsent(start, obstacle.outcome, obstacle.reason)
  const startedAt = kernel().clock.now()
  const began = monotonicMs()
  const progress: Progress = { text: '', thinking: '', toolCharacters: 0, ending: null }
  const watch = watchFor(prompt, endsAt)
  const request: Request = {
    ...prompt,
    model,
    key,
    attempt: start.attempt,
    signal: watch.signal,
    onReply: watch.sign,
    onArguments: watch.answering,
  }
  const upstream = model.isDemo ? openDemo(request) : openLibrary(request)
  const reading = consume(upstream, watch, progress, prompt.onText).catch((error: unknown) => {
    progress.ending = broken(error)
  })
  await Promise.race([reading, watch.ended])
  const { toolCalls = [], ...verdict } = verdictOf(request, progress, upstream.seen, watch)
  watch.close(verdict.outcome === 'ok')
  const durationMs = Math.round(monotonicMs() - began)
  const bill = billOf(verdict.outcome, prompt, progress, upstream.seen)
  return {
    attempt: { ...start, startedAt, durationMs, ...verdict, ...bill },
    text: progress.text,
    thinking: progress.thinking,
    toolCalls,
    retryAfterMs: retryAfterOf(upstream.seen, progress.ending),
  }
}
