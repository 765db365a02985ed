import type { Trace } from '@/lib/tracing/contract'

type Step = Trace['steps'][number]
type Call = Trace['output']['tool_calls'][number]

export type Note = { text: string; tone: 'warn' | 'bad' }

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

const when = (isSo: boolean, text: string, tone: Note['tone'] = 'warn'): Note[] => (isSo ? [{ text, tone }] : [])

const ofCall = ({ data }: Step): Note[] => {
  const outcome = typeof data['outcome'] === 'string' ? data['outcome'] : 'ok'
  const tone = outcome === 'aborted_by_client' ? 'warn' : 'bad'
  return [
    ...when(outcome !== 'ok', OUTCOMES[outcome] ?? outcome, tone),
    ...when(Boolean(data['retry_of']), `Attempt ${data['attempt'] ?? 2}`),
    ...when(data['fallback'] === true, 'Fallback model'),
    ...when(data['usage_estimated'] === true, 'Tokens estimated'),
  ]
}

const ofTool = ({ data }: Step, call: Call | undefined): Note[] =>
  when(data['permitted'] === false || call?.permitted === false, 'Refused')

// A span of a run of ours is named after the step it was made from.
const spanIdOf = (stepId: string): string => stepId.replaceAll('-', '').slice(-16)

// What stands out at a step beyond that it went well or badly. Calls of tools are recorded in the order of the answer's
// list, which tells of them also to those who may not see their payloads.
export const stepNotes = ({ steps, output }: Pick<Trace, 'steps' | 'output'>): ReadonlyMap<string, readonly Note[]> => {
  let seen = 0
  const all = steps.map((step) => {
    if (step.type === 'tool_call') return [spanIdOf(step.step_id), ofTool(step, output.tool_calls[seen++])] as const
    return [spanIdOf(step.step_id), step.type === 'llm_call' ? ofCall(step) : []] as const
  })
  return new Map(all.filter(([, notes]) => notes.length > 0))
}
