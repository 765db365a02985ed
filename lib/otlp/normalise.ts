import type { SpanDraft, SpanKind } from '@/lib/tracing'
import { type Claim, firstOf, type Reader } from './claim'
import { type Content, contentOf, isTool, type Payload, payloadOf } from './content'
import { dialectOf } from './dialect-name'
import { aiSdkFirstToken, aiSdkTools } from './dialects/ai-sdk'
import { clasperCost } from './dialects/clasper'
import { genAiCost, genAiFirstToken, genAiTools } from './dialects/gen-ai'
import { langfuseCost, langfuseFirstToken } from './dialects/langfuse'
import { openInferenceCost, openInferenceTools } from './dialects/open-inference'
import { traceloopTools } from './dialects/traceloop'
import { readText, TEXT_FIELDS, type TextField } from './fields'
import { kindOf } from './kind'
import { metadataOf, paramsOf, tagsOf } from './merged'
import { outcomeOf } from './outcome'
import { providerOf } from './provider'
import type { RawSpan } from './raw-span'
import { usageOf } from './span-usage'

const COSTS: readonly Reader<bigint>[] = [clasperCost, langfuseCost, genAiCost, openInferenceCost]
const FIRST_TOKENS: readonly Reader<bigint>[] = [langfuseFirstToken, genAiFirstToken, aiSdkFirstToken]
const TOOLS: readonly Reader<readonly unknown[]>[] = [genAiTools, openInferenceTools, aiSdkTools, traceloopTools]

const FIELDS = Object.keys(TEXT_FIELDS) as TextField[]

type Model = SpanDraft['model']
type Texts = Record<TextField, Claim<string> | null>

const MODELLED = new Set<SpanKind>(['inference', 'embedding', 'rerank', 'agent', 'workflow', 'step', 'task', 'plan'])
const OF_MODELS = new Set<TextField>(['requestModel', 'responseModel'])

// A word such as `model` means a model only where one may have been asked.
const textsOf = (span: RawSpan, kind: SpanKind): Texts => {
  const isModelled = MODELLED.has(kind)
  const texts: Partial<Texts> = {}
  for (const field of FIELDS) texts[field] = isModelled || !OF_MODELS.has(field) ? readText(span, field) : null
  return texts as Texts
}

const NAMED_BY_SPAN = /^(?:execute_tool |tool[: ])?(.+?)(?:\.tool)?$/

// Some clients name a tool by the name of its span alone.
const toolNameOf = (span: RawSpan, texts: Texts): Claim<string> | null => {
  if (texts.toolName !== null) return texts.toolName
  const entity = firstOf(span, [({ attributes }) => namedAt(attributes['traceloop.entity.name'])])
  const name = NAMED_BY_SPAN.exec(span.name)?.[1]
  return entity ?? (name === undefined ? null : { value: name, by: 'name' })
}

const namedAt = (value: unknown): Claim<string> | null =>
  typeof value === 'string' && value !== '' ? { value, by: 'traceloop.entity.name' } : null

const NO_PAYLOAD = { arguments: null, result: null, flags: [], by: {} }
const NO_CONTENT = {
  system: null,
  input: [],
  output: [],
  rawInput: null,
  rawOutput: null,
  finish: [],
  flags: [],
  by: {},
}

const given = <T>(claim: Claim<T> | null): T | null => claim?.value ?? null

type Grouping = SpanDraft['grouping']

const groupingOf = (texts: Texts, tags: Grouping['tags'], metadata: Grouping['metadata']): Grouping => ({
  tags,
  metadata,
  sessionId: given(texts.sessionId),
  userId: given(texts.userId),
  agentId: given(texts.agentId),
  agentName: given(texts.agentName),
  agentVersion: given(texts.agentVersion),
  workflow: given(texts.workflow),
  promptName: given(texts.promptName),
  promptVersion: given(texts.promptVersion),
  skillName: given(texts.skillName),
  skillVersion: given(texts.skillVersion),
  environment: given(texts.environment),
  release: given(texts.release),
  traceName: given(texts.traceName),
})

type Rules = Record<string, string>

const addRules = (rules: Rules, claims: Readonly<Record<string, Claim<unknown> | null>>): Rules => {
  for (const field in claims) {
    const claim = claims[field]
    if (claim) rules[field] = claim.by
  }
  return rules
}

const flagsOf = (...lists: readonly (readonly string[])[]): readonly string[] => {
  const said = lists.filter((list) => list.length > 0)
  return said.length < 2 ? (said[0] ?? []) : [...new Set(said.flat())]
}

const modelOf = (texts: Texts, provider: string | null, params: Model['params']): Model => ({
  provider,
  request: given(texts.requestModel),
  response: given(texts.responseModel),
  responseId: given(texts.responseId),
  params,
})

const toolOf = (name: string | null, texts: Texts, payload: Payload): SpanDraft['tool'] => ({
  name,
  type: given(texts.toolType),
  callId: given(texts.toolCallId),
  arguments: payload.arguments,
  result: payload.result,
})

const saidOf = (content: Content, tools: readonly unknown[] | null): SpanDraft['content'] => ({
  system: content.system,
  input: content.input,
  output: content.output,
  rawInput: content.rawInput,
  rawOutput: content.rawOutput,
  toolDefinitions: tools ?? [],
})

type Same = 'traceId' | 'spanId' | 'parentSpanId' | 'name' | 'startNs' | 'endNs' | 'scope' | 'resource' | 'attributes'

const sameOf = (span: RawSpan): Pick<SpanDraft, Same | 'events' | 'links'> => ({
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId,
  name: span.name,
  startNs: span.startNs,
  endNs: span.endNs,
  scope: span.scope,
  resource: span.resource,
  attributes: span.attributes,
  events: span.events,
  links: span.links,
})

/** One span in the one shape, whatever it speaks. Pure: it never fails, and keeps what it does not understand. */
export const normalise = (span: RawSpan): SpanDraft => {
  const kind = kindOf(span)
  const texts = textsOf(span, kind.value)
  const isCall = isTool(kind.value)
  const toolName = isCall ? toolNameOf(span, texts) : texts.toolName
  const [payload, content] = isCall ? [payloadOf(span), NO_CONTENT] : [NO_PAYLOAD, contentOf(span, kind.value)]
  const { usage, flags, by } = usageOf(span)
  const [cost, firstToken, tools] = [firstOf(span, COSTS), firstOf(span, FIRST_TOKENS), firstOf(span, TOOLS)]
  const [provider, params, metadata, tags] = [providerOf(span), paramsOf(span), metadataOf(span), tagsOf(span)]
  const outcome = outcomeOf(span, texts.errorType, content.finish)
  const rules = addRules(addRules({}, texts), { kind, provider, cost, firstToken, tools, tags, toolName })
  return {
    ...sameOf(span),
    kind: kind.value,
    firstTokenNs: given(firstToken),
    dialect: dialectOf(span),
    model: modelOf(texts, given(provider), params.value),
    content: saidOf(content, given(tools)),
    tool: toolOf(given(toolName), texts, payload),
    usage,
    givenNanoUsd: given(cost),
    grouping: groupingOf(texts, given(tags) ?? [], metadata.value),
    status: outcome.status,
    mappedBy: Object.assign(rules, payload.by, content.by, by, params.by, metadata.by, outcome.by),
    flags: flagsOf(span.flags, content.flags, payload.flags, flags, outcome.flags),
  }
}
