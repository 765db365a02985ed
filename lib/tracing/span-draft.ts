// A span as every dialect is mapped to it, before it is redacted and stored. Ids are lower-case hex: 32 and 16 digits.
export const SPAN_KINDS = [
  'inference',
  'embedding',
  'retrieval',
  'rerank',
  'agent',
  'tool',
  'workflow',
  'task',
  'plan',
  'guardrail',
  'evaluator',
  'prompt',
  'memory',
  'skill',
  'step',
] as const

export type SpanKind = (typeof SPAN_KINDS)[number]

export type SpanPart =
  | { type: 'text' | 'reasoning'; content: string }
  | { type: 'tool_call'; id: string | null; name: string; arguments: unknown }
  | { type: 'tool_call_response'; id: string | null; response: unknown }
  | { type: 'other'; value: unknown }

export type SpanMessage = { role: string; parts: readonly SpanPart[]; finish_reason?: string }

// Buckets never overlap. Null is "not said", which is not zero.
export type SpanUsage = {
  inUncached: number | null
  cacheRead: number | null
  cacheWrite: number | null
  outVisible: number | null
  reasoning: number | null
  audioIn: number | null
  audioOut: number | null
  reportedTotal: number | null
}

export type SpanDraft = {
  traceId: string
  spanId: string
  parentSpanId: string | null
  name: string
  kind: SpanKind
  startNs: bigint
  endNs: bigint | null
  firstTokenNs: bigint | null
  scope: { name: string; version: string; schemaUrl: string }
  resource: Readonly<Record<string, unknown>>
  dialect: string
  model: {
    provider: string | null
    request: string | null
    response: string | null
    responseId: string | null
    params: Readonly<Record<string, unknown>>
  }
  content: {
    system: string | null
    input: readonly SpanMessage[]
    output: readonly SpanMessage[]
    // What is no list of messages.
    rawInput: unknown
    rawOutput: unknown
    toolDefinitions: readonly unknown[]
  }
  tool: {
    name: string | null
    type: string | null
    callId: string | null
    arguments: unknown
    result: unknown
  }
  usage: SpanUsage | null
  givenNanoUsd: bigint | null
  grouping: {
    sessionId: string | null
    userId: string | null
    agentId: string | null
    agentName: string | null
    agentVersion: string | null
    workflow: string | null
    promptName: string | null
    promptVersion: string | null
    skillName: string | null
    skillVersion: string | null
    tags: readonly string[]
    metadata: Readonly<Record<string, unknown>>
    environment: string | null
    release: string | null
    traceName: string | null
  }
  status: {
    code: 'ok' | 'error' | 'unset'
    errorType: string | null
    message: string | null
    finishReasons: readonly string[]
  }
  // Field of this shape to the name of the rule or attribute that it came from.
  mappedBy: Readonly<Record<string, string>>
  flags: readonly string[]
  attributes: Readonly<Record<string, unknown>>
  events: readonly { name: string; timeNs: bigint; attributes: Readonly<Record<string, unknown>> }[]
  links: readonly { traceId: string; spanId: string; attributes: Readonly<Record<string, unknown>> }[]
}
