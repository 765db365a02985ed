import type { DiffSide } from './diff-side'
import type { DiffNode } from './node'

// Runs as short words, for tests and the benchmark.

const keyOf = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value))

const BARE: DiffNode = {
  spanId: null,
  parent: -1,
  kind: 'tool',
  name: '',
  label: '',
  status: 'ok',
  group: null,
  isRetry: false,
  keys: { arguments: null, result: null, text: null },
  body: {},
  facts: {},
  callId: null,
  durationMs: 10,
  costMicroUsd: 0,
  inputTokens: 0,
  outputTokens: 0,
}

export const toolNode = (
  name: string,
  args: unknown = {},
  result: unknown = 'done',
  over: Partial<DiffNode> = {},
): DiffNode => ({
  ...BARE,
  name,
  label: name,
  keys: { arguments: keyOf(args), result: keyOf(result), text: null },
  body: { arguments: args, result },
  ...over,
})

export const modelNode = (text: string | null = null, over: Partial<DiffNode> = {}): DiffNode => ({
  ...BARE,
  kind: 'inference',
  name: 'gpt',
  label: 'gpt',
  keys: { arguments: null, result: null, text: keyOf(text) },
  body: text === null ? {} : { text },
  facts: { model: 'gpt', provider: 'openai' },
  durationMs: 500,
  costMicroUsd: 100,
  inputTokens: 50,
  outputTokens: 5,
  ...over,
})

/** Each list of calls is one answer of the model; the last is what it said at the end. */
export const runOf = (turns: readonly (readonly DiffNode[])[], last: string | null = 'bye'): DiffNode[] => {
  const nodes = turns.flatMap((calls, turn) => [modelNode(), ...calls.map((call) => ({ ...call, group: turn }))])
  const all = last === null ? nodes : [...nodes, modelNode(last)]
  return all.map((node, at) => ({ ...node, spanId: `span-${at}`, callId: `call-${at}` }))
}

const id = (n: number): string => `0193f0a0-0000-7000-8000-${String(n).padStart(12, '0')}`

export const sideOf = (nodes: readonly DiffNode[], over: Partial<DiffSide> = {}): DiffSide => ({
  id: id(nodes.length),
  tenantId: 't',
  workspaceId: 'w',
  agentRole: 'agent',
  isPartial: false,
  durationMs: 1_000,
  model: 'gpt',
  provider: 'openai',
  workspaceHash: 'h1',
  skillVersions: {},
  inputTokens: 100,
  outputTokens: 10,
  costMicroUsd: 1_000,
  stepCount: nodes.length,
  hasError: false,
  error: null,
  given: {
    systemPrompt: 'Be kind.',
    message: 'Hello',
    history: [],
    parameters: { temperature: 0.2 },
    tools: new Map(),
  },
  output: 'bye',
  nodes,
  ...over,
})
