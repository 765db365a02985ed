import type { Done, RunEvent } from './run-event'

export type Screen = {
  // The answer, and nothing else: it can be piped.
  answer: (text: string) => void
  // What happens meanwhile.
  note: (line: string) => void
}

// Whatever a model writes, it does not steer the terminal.
const isSteering = (code: number): boolean =>
  (code < 0x20 && code !== 0x0a && code !== 0x09) || (code > 0x7e && code < 0xa0)

export const harmless = (text: string): string =>
  [...text].filter((sign) => !isSteering(sign.codePointAt(0) ?? 0)).join('')

const DELIVERIES: Record<Done['delivery'], (task: string) => string> = {
  posted: (task) => `posted to ${task}`,
  pending: (task) => `the backend does not answer; ${task} gets the message as soon as it does`,
  suppressed: () => 'nothing to say, so nothing was posted',
  none: () => 'nothing was posted; --task names a task',
  refused: (task) => `the backend refused the message for ${task}`,
}

const summaryOf = ({ usage, cost, stop_reason }: Done): string => {
  const tokens = `${usage.prompt_tokens} + ${usage.completion_tokens} tokens`
  return [stop_reason, cost.model, tokens, `$${cost.total_cost.toFixed(6)}`].join(' · ')
}

const closing = (done: Done): string[] => [
  summaryOf(done),
  DELIVERIES[done.delivery](done.task_id ?? 'the task'),
  ...(done.context_warning === undefined ? [] : [done.context_warning]),
  `trace ${done.trace_id}`,
]

/** Shows one run while it happens. */
export const showOn = ({ answer, note }: Screen) => {
  let isMidLine = false
  const freshLine = () => {
    if (isMidLine) answer('\n')
    isMidLine = false
  }
  const remark = (line: string) => {
    freshLine()
    note(harmless(line))
  }
  const say = (text: string) => {
    const clean = harmless(text)
    if (clean === '') return
    answer(clean)
    isMidLine = !clean.endsWith('\n')
  }
  return (event: RunEvent): void => {
    if (event.type === 'chunk') say(event.data)
    if (event.type === 'tool_call') remark(`→ ${event.name}${event.permitted ? '' : ' is not permitted'}`)
    if (event.type === 'tool_result')
      remark(`← ${event.name} ${event.success ? 'answered' : 'failed'} after ${event.duration_ms} ms`)
    if (event.type === 'done') for (const line of closing(event)) remark(line)
    if (event.type === 'error')
      remark(`${event.error} (${event.code})${event.trace_id ? `\ntrace ${event.trace_id}` : ''}`)
  }
}
