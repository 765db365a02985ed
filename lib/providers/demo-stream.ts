import { estimateTokens, NO_USAGE } from '@/lib/shared/chat'
import { demoAnswer } from './demo-answer'
import { type ScriptedStep, statusOfFailure } from './demo-script'
import { estimatePrompt } from './estimate-prompt'
import { pause } from './retry-delay'
import type { Ending, Piece, RawToolCall, Request, Seen, Upstream } from './upstream'

const wordsOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? []

const callsOf = ({ toolCalls = [], fails }: ScriptedStep, turn: number): RawToolCall[] =>
  toolCalls.map((call, at) => {
    const text = JSON.stringify(call.arguments)
    const cut = fails === 'invalid_tool_call' ? text.slice(0, -1) : text
    return { id: call.id ?? `demo_${turn}_${at + 1}`, name: call.name, arguments: call.arguments, text: cut }
  })

const MESSAGES: Partial<Record<NonNullable<ScriptedStep['fails']>, string>> = {
  unmetered_cut: 'terminated',
  network: 'fetch failed',
}

const endingOf = (request: Request, step: ScriptedStep): Ending => {
  const { fails } = step
  const toolCalls = callsOf(step, request.messages.length)
  const written = (step.text ?? '') + toolCalls.map(({ text }) => text).join('')
  const isWhole = fails === undefined || fails === 'empty_response' || fails === 'invalid_tool_call'
  const refused =
    fails === undefined ? undefined : (statusOfFailure(fails) ?? 0) !== 200 ? `scripted ${fails}` : undefined
  return {
    error: fails === undefined ? null : (MESSAGES[fails] ?? refused ?? null),
    finish: toolCalls.length > 0 ? 'tool_calls' : 'stop',
    rawFinish: fails === 'content_filter' ? 'content_filter' : 'stop',
    toolCalls: fails === 'empty_response' ? [] : toolCalls,
    usage:
      isWhole && step.usage !== false
        ? { ...NO_USAGE, input: Math.max(1, estimatePrompt(request)), output: Math.max(1, estimateTokens(written)) }
        : NO_USAGE,
    isOverflow: fails === 'context_overflow',
  }
}

const speak = async function* (request: Request, step: ScriptedStep, seen: Seen): AsyncGenerator<Piece> {
  const { fails, text = '', delayMs = 0, wordDelayMs = 0 } = step
  if (delayMs > 0 && !(await pause(delayMs, request.signal))) return
  seen.isSent = true
  seen.status = fails === undefined ? 200 : statusOfFailure(fails)
  if (fails === 'network') seen.causeCode = 'ECONNREFUSED'
  if (step.retryAfterMs !== undefined) seen.retryAfter = String(step.retryAfterMs / 1_000)
  if (seen.status === 200) {
    yield { kind: 'begun' }
    for (const delta of fails === 'empty_response' ? [] : wordsOf(text)) {
      if (wordDelayMs > 0 && !(await pause(wordDelayMs, request.signal))) return
      yield { kind: 'text', delta }
    }
    if (fails === 'timeout_idle') await pause(FOREVER_MS, request.signal)
  }
  yield { kind: 'end', ending: endingOf(request, step) }
}

const FOREVER_MS = 2_000_000_000

// The built-in model: it needs no key and no network, and takes the way of every other model but the last step.
export const openDemo = (request: Request): Upstream => {
  const seen: Seen = {
    isSent: false,
    status: null,
    retryAfter: null,
    causeCode: null,
    refusal: '',
    argumentCharacters: 0,
    fault: null,
  }
  return { pieces: speak(request, demoAnswer(request), seen), seen }
}
