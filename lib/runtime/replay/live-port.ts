import type { Cleaner } from '@/lib/core/redaction/tenant'
import type { ModelAnswer } from '@/lib/providers'
import type { ToolCall } from '@/lib/shared/chat'
import { type ModelPort, PROVIDERS } from '../model-port'
import type { Found } from './divergence'
import type { RecordedCall } from './recorded-calls'
import type { RecordedRun } from './recorded-run'
import { isSame, isSameText } from './same'

type Answer = Extract<ModelAnswer, { ok: true }>

const namesOf = (calls: readonly ToolCall[]): string => calls.map(({ name }) => name).join(', ') || 'none'

const answerDiffers = (
  cleaner: Cleaner,
  answer: Answer,
  { toolCalls, text }: RecordedCall,
): Omit<Found, 'step'> | null => {
  const [now, then] = [answer.toolCalls, toolCalls]
  const isOther = now.length !== then.length || now.some(({ name }, at) => name !== then[at]?.name)
  if (isOther) {
    const quoted = `They were ${namesOf(then)} and are ${namesOf(now)}.`
    return { kind: 'tool_calls', what: 'The model calls other tools.', quoted }
  }
  const other = now.find(({ arguments: args }, at) => !isSame(cleaner, args, then[at]?.arguments))
  if (other)
    return { kind: 'tool_arguments', what: 'A tool is called with other arguments.', quoted: `It is ${other.name}.` }
  return isSameText(cleaner, answer.text, text) ? null : { kind: 'answer', what: 'The model answers in other words.' }
}

const differs = (answer: ModelAnswer, run: RecordedRun, at: number): Found | null => {
  const recorded = run.calls[at]
  if (!recorded)
    return { step: run.record.steps.length + 1, kind: 'steps', what: 'The model is asked once more than it was.' }
  const step = recorded.attempts.at(-1)?.seq ?? recorded.seq
  if (answer.ok !== recorded.isAnswered)
    return { step, kind: 'answer', what: answer.ok ? 'The model answers now.' : 'No model answers now.' }
  const found = answer.ok ? answerDiffers(run.cleaner, answer, recorded) : null
  return found ? { step, ...found } : null
}

export type WatchedPort = ModelPort & { found(): Found | null }

/** Providers answer; where they first answer otherwise than they did is remembered. */
export const watchedPort = (run: RecordedRun): WatchedPort => {
  const state: { at: number; found: Found | null } = { at: 0, found: null }
  return {
    ...PROVIDERS,
    call: async (asked) => {
      const answer = await PROVIDERS.call(asked)
      state.found ??= differs(answer, run, state.at)
      state.at++
      return answer
    },
    found: () => state.found,
  }
}
