import { type Json, listOf, NAMELESS, parse } from '../present'
import { type Charges, spanIdOf } from '../span-of-run'
import type { StoredTrace } from '../store'
import { keyOf } from './content-key'
import type { DiffNode } from './node'

type Step = StoredTrace['steps'][number]
type Read = { step: Step; data: Json; turn: number }

const wordOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : 0

const bareNode = ({ step }: Read): DiffNode => ({
  spanId: spanIdOf(step.stepId),
  parent: -1,
  kind: step.type,
  name: step.type,
  label: step.type,
  status: 'ok',
  group: null,
  isRetry: false,
  keys: { arguments: null, result: null, text: null },
  body: {},
  facts: {},
  callId: null,
  durationMs: step.durationMs,
  costMicroUsd: 0,
  inputTokens: 0,
  outputTokens: 0,
})

// What the ledger says of a call.
const costOf = (data: Json, charges: Charges): number =>
  Number(charges.get(String(data['attempt_id']))?.costMicroUsd ?? 0n)

// Why an answer ended is told by what follows, unless it was cut.
const cutOf = (data: Json): string | null => (data['finish_reason'] === 'length' ? 'length' : null)

const modelNode = (read: Read, charges: Charges): DiffNode => {
  const { data } = read
  const text = wordOf(data['text']) ?? wordOf(data['reason'])
  const outcome = wordOf(data['outcome'])
  return {
    ...bareNode(read),
    kind: 'inference',
    name: wordOf(data['model']) ?? 'model',
    label: wordOf(data['model']) ?? 'model',
    status: outcome === null || outcome === 'ok' ? 'ok' : 'error',
    isRetry: data['retry_of'] !== undefined,
    keys: { arguments: null, result: null, text: keyOf(text) },
    body: text === null ? {} : { text },
    facts: { model: wordOf(data['model']), provider: wordOf(data['provider']), finish_reason: cutOf(data) },
    costMicroUsd: costOf(data, charges),
    inputTokens: numberOf(data['input_tokens']),
    outputTokens: numberOf(data['output_tokens']),
  }
}

const statusOf = (call: Json, result: Json | undefined): DiffNode['status'] => {
  if (call['permitted'] === false) return 'denied'
  return result !== undefined && result['success'] !== true ? 'error' : 'ok'
}

type Shown = { offered: ReadonlySet<string> | null; count: number }

// A call and its result are one step.
const callNode = (read: Read, answered: Read | undefined, { offered, count }: Shown): DiffNode => {
  const { data, turn } = read
  const name = wordOf(data['tool_name']) ?? ''
  const isKnown = offered === null || offered.has(name) || offered.has(wordOf(data['alias']) ?? '')
  const result = answered?.data['error'] ?? answered?.data['result']
  return {
    ...bareNode(read),
    kind: 'tool',
    name,
    label: isKnown ? name : NAMELESS,
    status: statusOf(data, answered?.data),
    group: turn,
    keys: { arguments: keyOf(data['arguments']), result: keyOf(result), text: null },
    body: { arguments: data['arguments'], result },
    callId: offered === null ? wordOf(data['tool_call_id']) : String(count + 1),
    durationMs: answered?.step.durationMs ?? read.step.durationMs,
  }
}

const otherNode = (read: Read): DiffNode => {
  const { data, step } = read
  const name = wordOf(step.type === 'error' ? data['code'] : data['decision']) ?? step.type
  const text = step.type === 'error' ? wordOf(data['message']) : null
  const rules = step.type === 'decision' ? data['matched_policies'] : undefined
  return {
    ...bareNode(read),
    name,
    label: name,
    status: step.type === 'error' ? 'error' : 'ok',
    keys: { arguments: null, result: keyOf(rules), text: keyOf(text) },
    body: { ...(text === null ? {} : { text }), ...(rules === undefined ? {} : { result: rules }) },
  }
}

// Models may use one id twice, so a result belongs to the latest call of that id without one.
const answersOf = (reads: readonly Read[]): Map<Step, Read> => {
  const open = new Map<unknown, Step[]>()
  const answers = new Map<Step, Read>()
  for (const read of reads) {
    const id = read.data['tool_call_id']
    const waiting = open.get(id) ?? []
    open.set(id, waiting)
    if (read.step.type === 'tool_call') waiting.push(read.step)
    const call = read.step.type === 'tool_result' ? waiting.pop() : undefined
    if (call) answers.set(call, read)
  }
  return answers
}

const readSteps = (steps: readonly Step[]): Read[] => {
  let turn = 0
  return steps.map((step) => ({ step, data: parse(step.data), turn: step.type === 'llm_call' ? ++turn : turn }))
}

// The steps of a run of ours. The calls of one answer ran side by side. `offered` is null for readers who see all.
export const nodesOfRun = (
  steps: readonly Step[],
  offered: ReadonlySet<string> | null,
  charges: Charges,
): DiffNode[] => {
  const reads = readSteps(steps)
  const answers = answersOf(reads)
  let count = 0
  return reads.flatMap((read): DiffNode[] => {
    if (read.step.type === 'tool_result') return []
    if (read.step.type === 'llm_call') return [modelNode(read, charges)]
    if (read.step.type !== 'tool_call') return [otherNode(read)]
    return [callNode(read, answers.get(read.step), { offered, count: count++ })]
  })
}

export const toolsIn = (inputs: Json): ReadonlyMap<string, unknown> =>
  new Map(listOf(inputs['tools']).flatMap((tool) => (typeof tool['name'] === 'string' ? [[tool['name'], tool]] : [])))
