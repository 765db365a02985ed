import { type SpanDetail, SpanKindName, type SpanRow } from './contract/spans'
import { costLines, microOfNano } from './span-cost'
import { type Bucket, type Buckets, isTold, type SpanFacts } from './span-record'
import { bigOf, bucketsOfRow, type StoredSpan } from './span-row'
import type { Reader } from './span-shelf'
import { shownNano } from './span-totals'

type Row = Readonly<Record<string, unknown>>
type Json = Record<string, unknown>

const WIRE: Readonly<Record<Bucket, SpanDetail['cost']['why'][number]['bucket']>> = {
  inUncached: 'in_uncached',
  cacheRead: 'cache_read',
  cacheWrite: 'cache_write',
  outVisible: 'out_visible',
  reasoning: 'reasoning',
  audioIn: 'audio_in',
  audioOut: 'audio_out',
}

export const tokensOf = (usage: Buckets | null): SpanRow['tokens'] =>
  isTold(usage)
    ? {
        in_uncached: usage.inUncached,
        cache_read: usage.cacheRead,
        cache_write: usage.cacheWrite,
        out_visible: usage.outVisible,
        reasoning: usage.reasoning,
      }
    : null

const STATES = ['ok', 'error', 'unset'] as const
const stateOf = (status: string): SpanRow['status'] => STATES.find((state) => state === status) ?? 'unset'
const kindOf = (kind: string): SpanRow['kind'] => SpanKindName.safeParse(kind).data ?? 'step'

type Listed = Pick<
  StoredSpan,
  | ('spanId' | 'parentSpanId' | 'name' | 'kind' | 'startNs' | 'endNs' | 'status' | 'provider' | 'toolName' | 'usage')
  | ('givenNanoUsd' | 'computedNanoUsd' | 'isCounting' | 'flags')
> & { model: string | null }

export const presentRow = (span: Listed, isSynthetic = false): SpanRow => {
  const nano = shownNano(span)
  return {
    id: span.spanId,
    parent_id: span.parentSpanId,
    name: span.name === '' ? span.kind : span.name,
    kind: kindOf(span.kind),
    start_ns: `${span.startNs}`,
    end_ns: span.endNs === null ? null : `${span.endNs}`,
    status: stateOf(span.status),
    provider: span.provider,
    model: span.model,
    tool_name: span.toolName,
    tokens: tokensOf(span.usage),
    cost_micro_usd: nano === null ? null : Number(microOfNano(nano)),
    is_counting: span.isCounting,
    flags: [...span.flags],
    is_synthetic: isSynthetic,
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export const listedOf = (row: Row): Listed => ({
  spanId: String(row['spanId']),
  parentSpanId: text(row['parentSpanId']),
  name: String(row['name']),
  kind: String(row['kind']),
  startNs: bigOf(row['startNs']) ?? 0n,
  endNs: bigOf(row['endNs']),
  status: String(row['status']),
  provider: text(row['provider']),
  model: text(row['model']),
  toolName: text(row['toolName']),
  usage: bucketsOfRow(row),
  givenNanoUsd: bigOf(row['givenNanoUsd']),
  computedNanoUsd: bigOf(row['computedNanoUsd']),
  isCounting: row['isCounting'] === true || Number(row['isCounting']) === 1,
  flags: JSON.parse(String(row['flags'])) as string[],
})

const MILLION = 1_000_000

export const whyOf = (usage: Buckets | null, prices: SpanFacts['prices']): SpanDetail['cost']['why'] =>
  usage === null || prices === undefined
    ? []
    : costLines(usage, prices).map(({ bucket, tokens, price, microMillionths }) => ({
        bucket: WIRE[bucket],
        tokens,
        price_micro_usd_per_million: price,
        cost_micro_usd: Number(microMillionths) / MILLION,
      }))

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
const listOf = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : [])

type Scope = NonNullable<SpanDetail['scope']>

const scopeOf = (value: unknown): Scope | null => {
  const { name, version, schemaUrl } = objectOf(value)
  return text(name) === null
    ? null
    : { name: String(name), version: text(version) ?? '', schema_url: text(schemaUrl) ?? '' }
}

const contentOf = ({ content }: StoredSpan, read: Reader): SpanDetail['content'] => ({
  system: text(read(content.system)),
  input_messages: listOf((content.input ?? []).map(read).filter((message) => message !== null)),
  output_messages: listOf((content.output ?? []).map(read).filter((message) => message !== null)),
  raw_input: read(content.raw_input),
  raw_output: read(content.raw_output),
  tool_definitions: listOf(read(content.tools)),
})

const toolOf = ({ kind, toolName, toolCallId, content }: StoredSpan, read: Reader): SpanDetail['tool'] =>
  kind !== 'tool' && toolName === null
    ? null
    : { name: toolName, call_id: toolCallId, arguments: read(content.arguments), result: read(content.result) }

const usageOf = ({ usage, facts }: StoredSpan): SpanDetail['usage'] => {
  const tokens = tokensOf(usage)
  return tokens === null || usage === null
    ? null
    : { ...tokens, audio_in: usage.audioIn, audio_out: usage.audioOut, reported_total: facts.reported_total ?? null }
}

const costOf = (span: StoredSpan): SpanDetail['cost'] => ({
  given_nano_usd: span.givenNanoUsd === null ? null : Number(span.givenNanoUsd),
  computed_nano_usd: span.computedNanoUsd === null ? null : Number(span.computedNanoUsd),
  price_version: span.priceVersion,
  why: whyOf(span.usage, span.facts.prices),
})

const attributesOf = ({ attributes = {}, long_attributes: long = {} }: SpanFacts, read: Reader): Json => ({
  ...attributes,
  ...Object.fromEntries(Object.entries(long).map(([key, hash]) => [key, read(hash)])),
})

const provenanceOf = ({ facts, dialect }: StoredSpan, read: Reader) => ({
  dialect,
  mapped_by: Object.assign({}, ...(facts.mapped_by ?? []).map((slot) => objectOf(read(slot)))) as Record<
    string,
    string
  >,
  attributes: attributesOf(facts, read),
  events: listOf<SpanDetail['events'][number]>(read(facts.events)),
  links: listOf<SpanDetail['links'][number]>(read(facts.links)),
  scope: scopeOf(read(facts.scope)),
  resource: objectOf(read(facts.resource)),
})

export const presentSpan = (span: StoredSpan, read: Reader, receivedAt: string | null): SpanDetail => ({
  ...presentRow({ ...span, model: span.responseModel ?? span.requestModel }),
  ...provenanceOf(span, read),
  request_model: span.requestModel,
  response_model: span.responseModel,
  response_id: span.responseId,
  first_token_ns: span.facts.first_token_ns ?? null,
  error_type: span.errorType,
  finish_reasons: [...(span.facts.finish_reasons ?? [])],
  grouping: { ...span.facts.grouping, ...(span.facts.metadata === undefined ? {} : { metadata: span.facts.metadata }) },
  attempt: null,
  content: contentOf(span, read),
  tool: toolOf(span, read),
  params: { ...span.facts.params },
  usage: usageOf(span),
  cost: costOf(span),
  status_message: span.statusMessage,
  received_at: receivedAt,
  withheld: false,
})
