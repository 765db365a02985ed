import { randomBytes } from 'node:crypto'
import type { SpanDraft, SpanUsage } from '@/lib/tracing/span-draft'

const EMPTY: SpanUsage = {
  inUncached: null,
  cacheRead: null,
  cacheWrite: null,
  outVisible: null,
  reasoning: null,
  audioIn: null,
  audioOut: null,
  reportedTotal: null,
}

export const usageOf = (usage: Partial<SpanUsage>): SpanUsage => ({ ...EMPTY, ...usage })

export const newTraceHex = (): string => randomBytes(16).toString('hex')
export const spanHex = (n: number): string => n.toString(16).padStart(16, '0')

export const START = 1_790_000_000_000_000_000n

type Over = Partial<Omit<SpanDraft, 'model' | 'content' | 'tool' | 'grouping' | 'status'>> & {
  [K in 'model' | 'content' | 'tool' | 'grouping' | 'status']?: Partial<SpanDraft[K]>
}

/** A span of one millisecond that says nothing but what it is told to. */
export const spanDraft = (traceId: string, n: number, over: Over = {}): SpanDraft => ({
  traceId,
  spanId: spanHex(n),
  parentSpanId: null,
  name: `span ${n}`,
  kind: 'step',
  startNs: START + BigInt(n) * 1_000_000n,
  endNs: START + BigInt(n + 1) * 1_000_000n,
  firstTokenNs: null,
  scope: { name: 'test', version: '1', schemaUrl: '' },
  resource: { 'service.name': 'tests' },
  dialect: 'gen_ai',
  usage: null,
  givenNanoUsd: null,
  mappedBy: { kind: 'gen_ai.operation.name' },
  flags: [],
  attributes: { n },
  events: [],
  links: [],
  ...over,
  model: { provider: null, request: null, response: null, responseId: null, params: {}, ...over.model },
  content: {
    system: null,
    input: [],
    output: [],
    rawInput: null,
    rawOutput: null,
    toolDefinitions: [],
    ...over.content,
  },
  tool: { name: null, type: null, callId: null, arguments: null, result: null, ...over.tool },
  grouping: {
    ...{ sessionId: null, userId: null, agentId: null, agentName: null, agentVersion: null, workflow: null },
    ...{ promptName: null, promptVersion: null, skillName: null, skillVersion: null, tags: [], metadata: {} },
    ...{ environment: null, release: null, traceName: null },
    ...over.grouping,
  },
  status: { code: 'ok', errorType: null, message: null, finishReasons: [], ...over.status },
})

export const said = (role: string, content: string) => ({ role, parts: [{ type: 'text' as const, content }] })

/** An agent, a call of a model below it, a tool below that: three spans with numbers n, n + 1 and n + 2. */
export const agentSpans = (traceId: string, n = 1): SpanDraft[] => [
  spanDraft(traceId, n, {
    name: 'invoke_agent helper',
    kind: 'agent',
    endNs: START + BigInt(n + 10) * 1_000_000n,
    grouping: { agentName: 'helper', sessionId: 's1', userId: 'u1', environment: 'staging' },
    usage: usageOf({ inUncached: 100, outVisible: 20 }),
  }),
  spanDraft(traceId, n + 1, {
    name: 'chat gpt-4o',
    kind: 'inference',
    parentSpanId: spanHex(n),
    model: { provider: 'openai', request: 'gpt-4o', response: 'gpt-4o-2024-08-06', responseId: `r${n}` },
    usage: usageOf({ inUncached: 100, cacheRead: 40, outVisible: 15, reasoning: 5 }),
    content: {
      system: 'Be kind.',
      input: [said('user', 'Where is the otter?')],
      output: [said('assistant', 'At sea.')],
    },
  }),
  spanDraft(traceId, n + 2, {
    name: 'execute_tool look',
    kind: 'tool',
    parentSpanId: spanHex(n),
    tool: { name: 'look', callId: 'c1', arguments: { place: 'sea' }, result: { found: true } },
  }),
]
