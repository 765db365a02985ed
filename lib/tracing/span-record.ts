// A span as it is kept: redacted, its long values in bodies. A slot is the name of a body, or the value itself in a list.
export type Slot = string | readonly [unknown]

export type SpanContent = {
  system?: Slot
  input?: readonly Slot[]
  output?: readonly Slot[]
  raw_input?: Slot
  raw_output?: Slot
  tools?: Slot
  arguments?: Slot
  result?: Slot
}

export type SpanGrouping = {
  session?: string
  user?: string
  agent_id?: string
  agent?: string
  agent_version?: string
  workflow?: string
  prompt?: string
  prompt_version?: string
  skill?: string
  skill_version?: string
  tags?: readonly string[]
  environment?: string
  release?: string
  trace_name?: string
}

type Json = Readonly<Record<string, unknown>>

export type SpanFacts = {
  grouping?: SpanGrouping
  metadata?: Json
  params?: Json
  first_token_ns?: string
  finish_reasons?: readonly string[]
  tool_type?: string
  // Names of the tools that the model was offered.
  offered?: readonly string[]
  reported_total?: number
  // Micro-dollars per million tokens at the time of counting: input, output, cache read, cache write.
  prices?: readonly [number, number, number, number]
  scope?: Slot
  resource?: Slot
  mapped_by?: readonly Slot[]
  attributes?: Json
  long_attributes?: Readonly<Record<string, string>>
  events?: Slot
  links?: Slot
}

export const BUCKETS = [
  'inUncached',
  'cacheRead',
  'cacheWrite',
  'outVisible',
  'reasoning',
  'audioIn',
  'audioOut',
] as const

export type Bucket = (typeof BUCKETS)[number]
export type Buckets = Readonly<Record<Bucket, number | null>>

export type SpanRecord = {
  traceId: string
  spanId: string
  parentSpanId: string | null
  name: string
  kind: string
  startNs: bigint
  endNs: bigint | null
  status: string
  errorType: string | null
  statusMessage: string | null
  provider: string | null
  requestModel: string | null
  responseModel: string | null
  toolName: string | null
  toolCallId: string | null
  responseId: string | null
  usage: Buckets | null
  givenNanoUsd: bigint | null
  computedNanoUsd: bigint | null
  priceVersion: string | null
  dialect: string
  flags: readonly string[]
  facts: SpanFacts
  content: SpanContent
}

export const NO_BUCKETS: Buckets = {
  inUncached: null,
  cacheRead: null,
  cacheWrite: null,
  outVisible: null,
  reasoning: null,
  audioIn: null,
  audioOut: null,
}

export const sumOfBuckets = (usage: Buckets): number => BUCKETS.reduce((sum, bucket) => sum + (usage[bucket] ?? 0), 0)

// What is said of a trace as a whole may stand on any of its spans.
export const isTold = (usage: Buckets | null): usage is Buckets =>
  usage !== null && BUCKETS.some((bucket) => usage[bucket] !== null)

export const traceIdOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
