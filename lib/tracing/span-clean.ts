import type { SpanDraft, SpanUsage } from './span-draft'
import {
  BUCKETS,
  type Buckets,
  isTold,
  NO_BUCKETS,
  type Slot,
  type SpanContent,
  type SpanFacts,
  type SpanGrouping,
  type SpanRecord,
  traceIdOf,
} from './span-record'
import { type Clean, LOOKS_LIKE_JSON, type Shelf } from './span-shelf'
import { userNameOf } from './user-name'

// The door: whatever a span says is redacted here, the normalised and the original alike, before anything is stored.

const MOST_NAME = 500
const MOST_MESSAGE = 4_000
const MOST_TOKENS = 2_000_000_000
const MOST_NS = 9_000_000_000_000_000_000n
const MOST_NANO_USD = 9_000_000_000_000_000n
const LONG_ATTRIBUTE = 1_024

type Json = Readonly<Record<string, unknown>>

const named = (clean: Clean, value: string | null, most = MOST_NAME): string | null => {
  if (value === null || value === '') return null
  return clean.text(value).slice(0, most)
}

const kept = (clean: Clean, value: string | null): string | undefined => named(clean, value) ?? undefined

// Whose machine it was and how it was started is nobody's business here.
const HOST = /^(?:process[.](?!runtime[.])|host[.](?!arch$)|os[.]description$|device[.])/

const ofNoHost = (attributes: Json): [string, unknown][] =>
  Object.entries(attributes).filter(([key]) => !HOST.test(key))

const inTime = (ns: bigint): bigint => (ns < 0n ? 0n : ns > MOST_NS ? MOST_NS : ns)

const moneyOf = (nano: bigint | null): bigint | null => {
  if (nano === null || nano < 0n) return null
  return nano > MOST_NANO_USD ? MOST_NANO_USD : nano
}

const tokensOf = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) || value < 0 ? null : Math.min(MOST_TOKENS, Math.round(value))

const bucketsOf = (usage: SpanUsage | null): Buckets | null => {
  if (usage === null) return null
  const buckets = { ...NO_BUCKETS, ...Object.fromEntries(BUCKETS.map((name) => [name, tokensOf(usage[name])])) }
  return isTold(buckets) ? buckets : null
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

const slotOf = (clean: Clean, shelf: Shelf, value: unknown): Slot | undefined =>
  isEmpty(value)
    ? undefined
    : shelf.slot(typeof value === 'string' ? JSON.stringify(clean.text(value)) : clean.json(value))

const without = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))) as T

const contentOf = ({ content, tool }: SpanDraft, clean: Clean, shelf: Shelf): SpanContent =>
  without({
    system: slotOf(clean, shelf, content.system),
    input: content.input.map((message) => shelf.slot(clean.json(message))),
    output: content.output.map((message) => shelf.slot(clean.json(message))),
    raw_input: slotOf(clean, shelf, content.rawInput),
    raw_output: slotOf(clean, shelf, content.rawOutput),
    tools: slotOf(clean, shelf, content.toolDefinitions),
    arguments: slotOf(clean, shelf, tool.arguments),
    result: slotOf(clean, shelf, tool.result),
  } as SpanContent)

const groupingOf = ({ grouping }: SpanDraft, clean: Clean): SpanGrouping =>
  without({
    session: kept(clean, grouping.sessionId),
    user: userNameOf(clean, grouping.userId ?? '').slice(0, MOST_NAME),
    agent_id: kept(clean, grouping.agentId),
    agent: kept(clean, grouping.agentName),
    agent_version: kept(clean, grouping.agentVersion),
    workflow: kept(clean, grouping.workflow),
    prompt: kept(clean, grouping.promptName),
    prompt_version: kept(clean, grouping.promptVersion),
    skill: kept(clean, grouping.skillName),
    skill_version: kept(clean, grouping.skillVersion),
    tags: grouping.tags.map((tag) => clean.text(tag)),
    environment: kept(clean, grouping.environment),
    release: kept(clean, grouping.release),
    trace_name: kept(clean, grouping.traceName),
  } as SpanGrouping)

const ownText = (clean: Clean, value: unknown): unknown =>
  typeof value === 'string' && LOOKS_LIKE_JSON.test(value) ? clean.text(value) : value

const recordOf = (clean: Clean, entries: readonly [string, unknown][]): Json | undefined =>
  entries.length === 0
    ? undefined
    : (clean.value(Object.fromEntries(entries.map(([key, value]) => [key, ownText(clean, value)]))) as Json)

const isLong = (value: unknown): boolean => typeof value === 'string' && value.length >= LONG_ATTRIBUTE

const SECRET_NAME = /(?:password|passwd|secret|token|authorization|api.?key|cookie|credential)/i

// A name that tells of a secret is looked at with its value; any other long text is known by itself.
const attributesOf = (
  draft: SpanDraft,
  clean: Clean,
  shelf: Shelf,
): Pick<SpanFacts, 'attributes' | 'long_attributes'> => {
  const all = ofNoHost(draft.attributes)
  const long = all.filter(([key, value]) => isLong(value) && !SECRET_NAME.test(key))
  const aside = new Set(long.map(([key]) => key))
  return without({
    attributes: recordOf(
      clean,
      all.filter(([key]) => !aside.has(key)),
    ),
    long_attributes:
      long.length === 0
        ? undefined
        : Object.fromEntries(
            long.map(([key, value]) => [clean.text(key), shelf.body(JSON.stringify(clean.text(String(value))))]),
          ),
  }) as Pick<SpanFacts, 'attributes' | 'long_attributes'>
}

const MOST_OFFERED = 100

const nameOf = (clean: Clean, definition: unknown): string[] => {
  const { name, function: inner } = (typeof definition === 'object' && definition !== null ? definition : {}) as Json
  const own = name ?? (typeof inner === 'object' && inner !== null ? (inner as Json)['name'] : undefined)
  return typeof own === 'string' && own !== '' ? [clean.text(own.slice(0, MOST_NAME))] : []
}

const offeredBy = ({ content }: SpanDraft, clean: Clean): string[] => [
  ...new Set(content.toolDefinitions.slice(0, MOST_OFFERED).flatMap((one) => nameOf(clean, one))),
]

const eventsOf = (draft: SpanDraft) =>
  draft.events.map(({ name, timeNs, attributes }) => ({ name, time_ns: `${timeNs}`, attributes }))
const linksOf = (draft: SpanDraft) =>
  draft.links.map(({ traceId, spanId, attributes }) => ({ trace_id: traceId, span_id: spanId, attributes }))

// The spans of one group share what surrounds them, so it is looked through once for all of them.
const RESOURCES = new WeakMap<Clean, WeakMap<object, string | null>>()

const resourceJson = (clean: Clean, resource: Json): string | null => {
  const seen = RESOURCES.get(clean) ?? new WeakMap<object, string | null>()
  RESOURCES.set(clean, seen)
  const known = seen.get(resource)
  if (known !== undefined) return known
  const told = ofNoHost(resource)
  const made = told.length === 0 ? null : clean.json(Object.fromEntries(told))
  seen.set(resource, made)
  return made
}

const resourceOf = ({ resource }: SpanDraft, clean: Clean, shelf: Shelf): Slot | undefined => {
  const json = resourceJson(clean, resource)
  return json === null ? undefined : shelf.slot(json)
}

const factsOf = (draft: SpanDraft, clean: Clean, shelf: Shelf): SpanFacts => {
  const { scope, grouping, usage } = draft
  const grouped = groupingOf(draft, clean)
  const rules = slotOf(clean, shelf, Object.keys(draft.mappedBy).length === 0 ? null : draft.mappedBy)
  return without({
    grouping: Object.keys(grouped).length === 0 ? undefined : grouped,
    metadata: recordOf(clean, Object.entries(grouping.metadata)),
    params: recordOf(clean, Object.entries(draft.model.params)),
    first_token_ns: draft.firstTokenNs === null ? undefined : `${inTime(draft.firstTokenNs)}`,
    finish_reasons: draft.status.finishReasons.map((reason) => clean.text(reason.slice(0, MOST_NAME))),
    tool_type: kept(clean, draft.tool.type),
    offered: offeredBy(draft, clean),
    reported_total: tokensOf(usage?.reportedTotal ?? null) ?? undefined,
    scope: slotOf(clean, shelf, scope.name === '' && scope.version === '' && scope.schemaUrl === '' ? null : scope),
    resource: resourceOf(draft, clean, shelf),
    mapped_by: rules === undefined ? undefined : [rules],
    ...attributesOf(draft, clean, shelf),
    events: slotOf(clean, shelf, eventsOf(draft)),
    links: slotOf(clean, shelf, linksOf(draft)),
  } as SpanFacts)
}

const FLAG = /^[a-z][a-z0-9_]{0,39}$/

export const cleanSpan = (draft: SpanDraft, shelf: Shelf, clean: Clean): SpanRecord => {
  const startNs = inTime(draft.startNs)
  const endNs = draft.endNs === null ? null : inTime(draft.endNs)
  return {
    traceId: traceIdOf(draft.traceId),
    spanId: draft.spanId,
    parentSpanId: draft.parentSpanId,
    name: named(clean, draft.name) ?? '',
    kind: draft.kind,
    startNs,
    endNs: endNs !== null && endNs < startNs ? startNs : endNs,
    status: draft.status.code,
    errorType: named(clean, draft.status.errorType),
    statusMessage: named(clean, draft.status.message, MOST_MESSAGE),
    provider: named(clean, draft.model.provider),
    requestModel: named(clean, draft.model.request),
    responseModel: named(clean, draft.model.response),
    toolName: named(clean, draft.tool.name),
    toolCallId: named(clean, draft.tool.callId),
    responseId: named(clean, draft.model.responseId),
    usage: bucketsOf(draft.usage),
    givenNanoUsd: moneyOf(draft.givenNanoUsd),
    computedNanoUsd: null,
    priceVersion: null,
    dialect: draft.dialect.slice(0, 100),
    flags: draft.flags.filter((flag) => FLAG.test(flag)).slice(0, 32),
    facts: factsOf(draft, clean, shelf),
    content: contentOf(draft, clean, shelf),
  }
}
