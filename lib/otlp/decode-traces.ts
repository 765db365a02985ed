import { kernel } from '@/lib/core/kernel'
import { Problem } from '@/lib/shared/problem'
import { type Attributes, emptyRecord } from './any-value'
import { aroundFrom, itemFrom, listOf, textOf } from './decode-json'
import type { Encoding } from './envelope'
import { asRecord, BROKEN, parsedJson } from './json-text'
import { type Around, isHeavy, judgeSpan, lenientRecord, nameOf } from './judge-span'
import { looksLikeLogs } from './logs-on-traces'
import {
  InstrumentationScope,
  Resource,
  type ResourceMessage,
  type ScopeMessage,
  Span,
  type SpanMessage,
  TraceRequest,
} from './messages'
import { type Fault, type FaultReason, faultAt, type RawSpan } from './raw-span'

export type Placed = { span: RawSpan; at: string }
export type DecodedTraces = { spans: Placed[]; faults: Fault[]; total: number; warning: string | null }

type Item = {
  span: SpanMessage | FaultReason
  around: Omit<Around, 'receivedNs'>
  at: string
  flags: readonly string[]
}

export const undecodable = (encoding: Encoding): Problem =>
  new Problem('invalid_request', `The body is not ${encoding === 'json' ? 'valid JSON' : 'protobuf'} of this endpoint.`)

type Surroundings = Pick<Item, 'around' | 'flags'>
type Resourced = { attributes: Attributes; flags: readonly string[] }

const aroundOf = (
  scope: ScopeMessage | null | undefined,
  schemaUrl: string,
  { attributes, flags }: Resourced,
): Surroundings => ({
  around: {
    scope: { name: nameOf(scope?.name), version: nameOf(scope?.version), schemaUrl: nameOf(schemaUrl) },
    resource: attributes,
  },
  flags,
})

const NO_ATTRIBUTES: Attributes = Object.freeze(emptyRecord())

// One for all spans of its group, and read once.
const resourceOf = (resource: ResourceMessage | null | undefined): Resourced => {
  const attributes = lenientRecord(resource?.attributes)
  return isHeavy(attributes) ? { attributes: NO_ATTRIBUTES, flags: ['resource_too_large'] } : { attributes, flags: [] }
}

function* fromProtobuf(bytes: Uint8Array): Generator<Item> {
  const { resourceSpans } = TraceRequest.decode(bytes)
  for (const [i, group] of (resourceSpans ?? []).entries()) {
    const resource = resourceOf(group.resource)
    for (const [j, { scope, schemaUrl, spans }] of (group.scopeSpans ?? []).entries()) {
      const surroundings = aroundOf(scope, schemaUrl || group.schemaUrl || '', resource)
      for (const [k, span] of (spans ?? []).entries())
        yield { span, ...surroundings, at: `resourceSpans[${i}].scopeSpans[${j}].spans[${k}]` }
    }
  }
}

const isMissing = (plain: unknown): boolean => plain === undefined || plain === null

const UNREADABLE: Resourced = { attributes: NO_ATTRIBUTES, flags: ['resource_unreadable'] }

function* fromJson(body: Readonly<Record<string, unknown>>): Generator<Item> {
  for (const [i, entry] of listOf(body['resourceSpans']).entries()) {
    const group = asRecord(entry) ?? {}
    const told = aroundFrom(Resource, group['resource'] ?? {})
    const resource = told === null ? UNREADABLE : resourceOf(told)
    for (const [j, inner] of listOf(group['scopeSpans']).entries()) {
      const own = asRecord(inner) ?? {}
      const scope = isMissing(own['scope']) ? null : aroundFrom(InstrumentationScope, own['scope'])
      const surroundings = aroundOf(scope, textOf(own['schemaUrl']) || textOf(group['schemaUrl']), resource)
      for (const [k, span] of listOf(own['spans']).entries())
        yield { span: itemFrom(Span, span), ...surroundings, at: `resourceSpans[${i}].scopeSpans[${j}].spans[${k}]` }
    }
  }
}

const bodyOf = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  const parsed = parsedJson(new TextDecoder('utf-8').decode(bytes))
  const body = parsed === BROKEN ? null : asRecord(parsed)
  if (body === null) throw undecodable('json')
  return body
}

export const jsonBody = bodyOf

const judged = (items: Iterable<Item>): DecodedTraces => {
  const { clock, env } = kernel()
  const receivedNs = BigInt(clock.now().getTime()) * 1_000_000n
  const out: DecodedTraces = { spans: [], faults: [], total: 0, warning: null }
  for (const { span, around, at, flags } of items) {
    out.total += 1
    const isOver = out.total > env.OTLP_MAX_SPANS_PER_REQUEST
    const verdict = isOver ? 'too_many' : typeof span === 'string' ? span : judgeSpan(span, { ...around, receivedNs })
    if (typeof verdict === 'string') out.faults.push(faultAt(verdict, at))
    else out.spans.push({ span: flags.length > 0 ? { ...verdict, flags: [...verdict.flags, ...flags] } : verdict, at })
  }
  return out
}

const asLogs = (spans: number): DecodedTraces => ({
  spans: [],
  faults: [faultAt('looks_like_logs', 'resourceSpans[0]', spans)],
  total: spans,
  warning: null,
})

const decodedProtobuf = (bytes: Uint8Array): DecodedTraces => {
  let decoded: DecodedTraces | null = null
  try {
    decoded = judged(fromProtobuf(bytes))
  } catch {
    decoded = null
  }
  const isHopeless = decoded === null || (decoded.total > 0 && decoded.spans.length === 0)
  const logs = isHopeless ? looksLikeLogs(bytes) : 0
  if (logs > 0) return asLogs(logs)
  if (decoded === null) throw undecodable('protobuf')
  return decoded
}

const NOTHING = 'The body has no resourceSpans; keys are written in lowerCamelCase.'

const decodedJson = (bytes: Uint8Array): DecodedTraces => {
  const body = bodyOf(bytes)
  const { resourceSpans, resourceLogs } = body
  if (!isMissing(resourceSpans) && !Array.isArray(resourceSpans)) throw undecodable('json')
  if (isMissing(resourceSpans) && Array.isArray(resourceLogs)) return asLogs(Math.max(1, recordsIn(resourceLogs)))
  const decoded = judged(fromJson(body))
  const isOther = isMissing(resourceSpans) && Object.keys(body).length > 0
  return isOther ? { ...decoded, warning: NOTHING } : decoded
}

const recordsIn = (groups: readonly unknown[]): number =>
  groups
    .flatMap((group) => listOf(asRecord(group)?.['scopeLogs']))
    .reduce<number>((sum, scope) => sum + listOf(asRecord(scope)?.['logRecords']).length, 0)

// All spans of a request that can be read, and why the others cannot. Only a body that is no request at all throws.
export const decodeTraces = (bytes: Uint8Array, encoding: Encoding): DecodedTraces =>
  encoding === 'json' ? decodedJson(bytes) : decodedProtobuf(bytes)
