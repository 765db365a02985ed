import type { Trace } from '@/lib/tracing/contract'

type Step = Trace['steps'][number]
type Call = Trace['output']['tool_calls'][number]

export type StepKind = 'model' | 'tool' | 'failure' | 'decision'
export type Note = { text: string; tone: 'ok' | 'warn' | 'bad' | 'info' | 'system' }

// A step as people read it: what it was, how it went, when it began, and what is left to look at.
export type StepView = {
  id: string
  kind: StepKind
  title: string
  subject: string
  notes: readonly Note[]
  startMs: number
  durationMs: number
  facts: readonly { name: string; value: string }[]
  payload: { label: string; text: string } | null
  isWithheld: boolean
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
const jsonOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))

const OUTCOMES: Readonly<Record<string, string>> = {
  rate_limited: 'Rate limited',
  overloaded: 'Overloaded',
  server: 'Provider error',
  network: 'Network error',
  timeout_idle: 'Stalled',
  timeout_total: 'Out of time',
  auth: 'Key refused',
  bad_request: 'Bad request',
  context_overflow: 'Prompt too long',
  content_filter: 'Filtered',
  empty_response: 'Empty answer',
  invalid_tool_call: 'Broken tool call',
  unmetered_cut: 'Cut off',
  aborted_by_client: 'Caller left',
  cooldown: 'Left alone after failures',
}

const counted = (name: string, value: unknown): StepView['facts'] => {
  const found = numberOf(value)
  return found === null ? [] : [{ name, value: found.toLocaleString('en-US') }]
}

const said = (name: string, value: unknown): StepView['facts'] => {
  const found = textOf(value)
  return found === '' ? [] : [{ name, value: found }]
}

const modelStep = ({ data }: Step) => {
  const outcome = textOf(data['outcome'])
  const notes: Note[] = [
    outcome === 'ok' || outcome === ''
      ? { text: 'Answered', tone: 'ok' }
      : { text: OUTCOMES[outcome] ?? outcome, tone: outcome === 'aborted_by_client' ? 'warn' : 'bad' },
    ...(data['retry_of'] ? [{ text: `Attempt ${data['attempt'] ?? 2}`, tone: 'warn' } as const] : []),
    ...(data['fallback'] === true ? [{ text: 'Fallback model', tone: 'warn' } as const] : []),
    ...(data['usage_estimated'] === true ? [{ text: 'Tokens estimated', tone: 'warn' } as const] : []),
  ]
  return {
    kind: 'model' as const,
    title: 'Model',
    subject: [textOf(data['provider']), textOf(data['model'])].filter((part) => part !== '').join('/'),
    notes,
    facts: [
      ...counted('Tokens in', data['input_tokens']),
      ...counted('Tokens out', data['output_tokens']),
      ...said('Finish', data['finish_reason']),
      ...(outcome === 'ok' ? [] : counted('HTTP status', data['status'])),
      ...said('Reason', data['reason']),
      ...(data['billable'] === 'none' ? [{ name: 'Charged', value: 'nothing' }] : []),
    ],
    payload: null,
  }
}

const callStep = ({ data }: Step, call: Call | undefined) => {
  const isPermitted = data['permitted'] === true || call?.permitted === true
  const refused: Note = { text: 'Refused', tone: 'warn' }
  const isKnown = data['permitted'] !== undefined || call !== undefined
  return {
    kind: 'tool' as const,
    title: 'Tool call',
    subject: textOf(data['tool_name']) || (call?.name ?? ''),
    notes: !isKnown ? [] : isPermitted ? [{ text: 'Permitted', tone: 'info' } as Note] : [refused],
    facts: said('Why', data['permission_reason']),
    payload: data['arguments'] === undefined ? null : { label: 'Arguments', text: jsonOf(data['arguments']) },
  }
}

const NOT_DONE: Note = { text: 'Not executed', tone: 'warn' }

const resultStep = ({ data }: Step, call: Call | undefined) => {
  const isKnown = data['success'] !== undefined || call !== undefined
  const success = data['success'] === true || call?.success === true
  const failed: Note = call?.permitted === false ? NOT_DONE : { text: 'Failed', tone: 'bad' }
  const word: Note = success ? { text: 'Succeeded', tone: 'ok' } : failed
  const result = data['error'] ?? data['result']
  return {
    kind: 'tool' as const,
    title: 'Tool result',
    subject: textOf(data['tool_name']) || (call?.name ?? ''),
    notes: isKnown ? [word] : [],
    facts: [],
    payload:
      result === undefined ? null : { label: success ? 'Result' : 'What the model was told', text: jsonOf(result) },
  }
}

const errorStep = ({ data }: Step) => ({
  kind: 'failure' as const,
  title: 'Error',
  subject: textOf(data['code']),
  notes: [],
  facts: said('Message', data['message']),
  payload: null,
})

const decisionStep = ({ data, type }: Step) => ({
  kind: 'decision' as const,
  title: 'Decision',
  subject: textOf(data['decision']) || type,
  notes: [],
  facts: said('Why', data['explanation']),
  payload: data['matched_policies'] === undefined ? null : { label: 'Rules', text: jsonOf(data['matched_policies']) },
})

const bodyOf = (step: Step, call: Call | undefined) => {
  switch (step.type) {
    case 'llm_call':
      return modelStep(step)
    case 'tool_call':
      return callStep(step, call)
    case 'tool_result':
      return resultStep(step, call)
    case 'error':
      return errorStep(step)
    case 'decision':
      return decisionStep(step)
  }
}

// A result is noted when it is there, everything else when it begins.
const startOf = (step: Step, began: number): number => {
  const at = Date.parse(step.timestamp) - began
  return Math.max(0, step.type === 'tool_result' ? at - step.duration_ms : at)
}

// Calls and results are recorded in the order of the answer's tool calls, which names them also for those who may
// not see their payloads.
export const stepViews = ({ steps, started_at, output }: Trace): StepView[] => {
  const began = Date.parse(started_at)
  const seen = { tool_call: 0, tool_result: 0 }
  return steps.map((step) => {
    const { type } = step
    const call = type === 'tool_call' || type === 'tool_result' ? output.tool_calls[seen[type]++] : undefined
    return {
      ...bodyOf(step, call),
      id: step.step_id,
      startMs: startOf(step, began),
      durationMs: step.duration_ms,
      isWithheld: step.data['withheld'] === true,
    }
  })
}

export const spanOf = (views: readonly StepView[], durationMs: number | null): number =>
  Math.max(1, durationMs ?? 0, ...views.map(({ startMs, durationMs: ms }) => startMs + ms))
