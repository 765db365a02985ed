import type { ModelAnswer, ModelRef } from '@/lib/providers'
import type { ChatMessage, ToolCall, ToolSpec } from '@/lib/shared/chat'
import type { Toolbox } from '@/lib/tools'
import { askModel, type Held, holdStep, type Question } from './ask-model'
import type { Half, LoopState, ToolRecord } from './progress'
import type { Run } from './run'
import type { Sink } from './sink'
import { runTools } from './tool-step'
import type { Waiting } from './waiting-calls'

export const RESPOND_TOOL: ToolSpec = {
  name: 'heartbeat_respond',
  description: 'End this heartbeat. notify false: nothing needs attention. notify true: tell people the text.',
  parameters: {
    type: 'object',
    properties: { notify: { type: 'boolean' }, notificationText: { type: 'string' } },
    required: ['notify'],
    additionalProperties: false,
  },
}

export type Respond = { notify: boolean; notificationText: string }

// An answer whose tools wait for a person, and how far the run has come.
export type Pause = { state: LoopState; half: Half; waiting: readonly Waiting[] }

export type LoopResult = {
  text: string
  model: ModelRef
  records: readonly ToolRecord[]
  respond?: Respond
} & (
  | { ok: true; stopReason: 'completed' | 'step_limit' | 'budget' }
  | { ok: true; stopReason: 'approval_required'; pause: Pause }
  | { ok: false; failure: Extract<ModelAnswer, { ok: false }> }
)

export type Work = {
  run: Run
  question: Question
  tools: Toolbox
  maxSteps: number
  taskId: string | null
  isHeartbeat: boolean
  sink: Sink
}

const LAST_STEP = 'No more tools can be used in this run. Answer now with what you know.'

const respondIn = (calls: readonly ToolCall[]): Respond | undefined => {
  const call = calls.find(({ name }) => name === RESPOND_TOOL.name)
  if (!call) return undefined
  const { notify, notificationText } = call.arguments
  return { notify: notify === true, notificationText: typeof notificationText === 'string' ? notificationText : '' }
}

const observations = (records: readonly ToolRecord[]): ChatMessage[] =>
  records.map(({ call, outcome }) => ({
    role: 'tool',
    tool_call_id: call.id,
    name: call.name,
    content: outcome.content,
    is_error: outcome.isError,
  }))

// Texts of two steps are two paragraphs to whoever reads along.
const spaced = (sink: Sink): { text?: (delta: string) => Promise<void>; nextStep(): Promise<void> } => {
  const { text } = sink
  if (!text) return { nextStep: async () => undefined }
  const state = { hasText: false, gap: false }
  return {
    text: async (delta) => {
      if (state.gap) await text('\n\n')
      state.gap = false
      state.hasText = true
      await text(delta)
    },
    nextStep: async () => {
      await sink.nextText?.()
      state.gap = state.hasText
    },
  }
}

const firstState = ({ question }: Work): LoopState => ({
  step: 1,
  messages: [...question.messages],
  records: [],
  text: '',
  model: question.model,
})

const questionAt = (work: Work, state: LoopState, isLast: boolean, onText: Question['onText']): Question => {
  const { isHeartbeat, question } = work
  const respond = isHeartbeat ? [RESPOND_TOOL] : []
  const isClosing = isLast && state.records.length > 0
  return {
    ...question,
    messages: isClosing ? [...state.messages, { role: 'system', content: LAST_STEP }] : state.messages,
    tools: isClosing ? respond : [...work.tools.specs, ...respond],
    ...(onText ? { onText } : {}),
  }
}

type Answer = Pick<Extract<ModelAnswer, { ok: true }>, 'text' | 'toolCalls'>

/** What the tools said goes back to the model, and the next step begins. */
export const absorb = (state: LoopState, { text, toolCalls }: Answer, records: readonly ToolRecord[]): void => {
  state.records.push(...records)
  state.messages.push({ role: 'assistant', content: text, tool_calls: toolCalls }, ...observations(records))
  state.step++
}

type ToolsDone = { pause: Pause } | null

const doTools = async (work: Work, state: LoopState, { text, toolCalls }: Answer): Promise<ToolsDone> => {
  const { run, tools } = work
  const answer = { text, toolCalls }
  const done = await runTools(
    {
      ...work,
      begun: (half, keys) => run.durable?.save({ loop: state, half: { answer, ...half }, keys, ...countOf(run) }) ?? [],
    },
    toolCalls,
  )
  if (done.waiting.length > 0)
    return { pause: { state, waiting: done.waiting, half: { answer, ready: [], ...done.half } } }
  absorb(state, answer, done.records)
  await saved(run, state, tools)
  return null
}

const countOf = ({ toolCallCount }: Run) => ({ toolCallCount })

/** In a run that was taken up again each step is kept, so that whoever takes it up next does none of them twice. */
export const saved = async (run: Run, loop: LoopState, tools: Toolbox): Promise<void> => {
  if (run.durable === null) return
  await run.flush([], run.durable.save({ loop, half: null, keys: tools.keysUsed(), ...countOf(run) }))
}

// Model, tools, model … until there is an answer, or the steps, the money or the time are used up. A refused or failed
// tool is something the model is told, never an end; one that a person has to approve is a pause.
export const runLoop = async (work: Work, first: Held | null, from?: LoopState): Promise<LoopResult> => {
  const { run, sink, maxSteps } = work
  const state = from ?? firstState(work)
  const told = spaced(sink)
  const result = () => ({ text: state.text, model: state.model, records: state.records })
  for (let held = first; ; held = null) {
    const isLast = state.step >= maxSteps
    const question = questionAt(work, state, isLast, told.text)
    const hold = held ?? (await holdStep(run, question))
    if (!hold) return { ...result(), ok: true, stopReason: 'budget' }
    const answer = await askModel(run, question, hold)
    if (!answer.ok) {
      if (answer.kind === 'budget' && state.text !== '') return { ...result(), ok: true, stopReason: 'budget' }
      return { ...result(), text: answer.partialText || state.text, ok: false, failure: answer }
    }
    state.model = answer.model
    if (answer.text.trim() !== '') state.text = answer.text
    const respond = work.isHeartbeat ? respondIn(answer.toolCalls) : undefined
    if (respond) return { ...result(), respond, ok: true, stopReason: 'completed' }
    if (answer.toolCalls.length === 0) {
      const isCut = isLast && state.records.length > 0
      return { ...result(), ok: true, stopReason: isCut ? 'step_limit' : 'completed' }
    }
    if (isLast) return { ...result(), ok: true, stopReason: 'step_limit' }
    await told.nextStep()
    const stopped = await doTools(work, state, answer)
    if (stopped) return { ...result(), ok: true, stopReason: 'approval_required', pause: stopped.pause }
  }
}
