import type { SpanDraft } from '@/lib/tracing'
import { type Claim, firstOf, type Reader } from './claim'
import { contentOf, isTool, payloadOf } from './content'
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

type Texts = Record<TextField, Claim<string> | null>

const textsOf = (span: RawSpan): Texts =>
  Object.fromEntries(FIELDS.map((field) => [field, readText(span, field)])) as Texts

const NAMED_BY_SPAN = /^(?:execute_tool |tool[: ])?(.+?)(?:\.tool)?$/

// Some clients name a tool by the name of its span alone.
const toolName = (span: RawSpan, texts: Texts): Claim<string> | null => {
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

const groupingOf = (texts: Texts): Omit<SpanDraft['grouping'], 'tags' | 'metadata'> => ({
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

const rulesOf = (claims: Readonly<Record<string, Claim<unknown> | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(claims).flatMap(([field, claim]) => (claim === null ? [] : [[field, claim.by]])))

const MODELLED = new Set(['inference', 'embedding', 'rerank', 'agent', 'workflow', 'step', 'task', 'plan'])

/** One span in the one shape, whatever it speaks. Pure: it never fails, and keeps what it does not understand. */
export const normalise = (span: RawSpan): SpanDraft => {
  const kind = kindOf(span)
  const texts = textsOf(span)
  const isCall = isTool(kind.value)
  const tool = isCall ? toolName(span, texts) : texts.toolName
  const provider = providerOf(span)
  const [payload, content] = isCall ? [payloadOf(span), NO_CONTENT] : [NO_PAYLOAD, contentOf(span, kind.value)]
  const { usage, flags: usageFlags, by: usageBy } = usageOf(span)
  const [cost, firstToken, tools] = [firstOf(span, COSTS), firstOf(span, FIRST_TOKENS), firstOf(span, TOOLS)]
  const [params, metadata, tags] = [paramsOf(span), metadataOf(span), tagsOf(span)]
  const outcome = outcomeOf(span, texts.errorType, content.finish)
  const isModelled = MODELLED.has(kind.value)
  return {
    ...{ traceId: span.traceId, spanId: span.spanId, parentSpanId: span.parentSpanId, name: span.name },
    ...{ startNs: span.startNs, endNs: span.endNs, scope: span.scope, resource: span.resource },
    kind: kind.value,
    firstTokenNs: given(firstToken),
    dialect: dialectOf(span),
    model: {
      provider: given(provider),
      request: isModelled ? given(texts.requestModel) : null,
      response: isModelled ? given(texts.responseModel) : null,
      responseId: given(texts.responseId),
      params: params.value,
    },
    content: {
      ...{ system: content.system, input: content.input, output: content.output },
      ...{ rawInput: content.rawInput, rawOutput: content.rawOutput, toolDefinitions: given(tools) ?? [] },
    },
    tool: {
      name: given(tool),
      type: given(texts.toolType),
      callId: given(texts.toolCallId),
      arguments: payload.arguments,
      result: payload.result,
    },
    usage,
    givenNanoUsd: given(cost),
    grouping: { ...groupingOf(texts), tags: tags?.value ?? [], metadata: metadata.value },
    status: outcome.status,
    mappedBy: {
      ...rulesOf({ ...texts, kind, provider, cost, firstToken, tools, tags, toolName: tool }),
      ...{ ...payload.by, ...content.by, ...usageBy, ...params.by, ...metadata.by, ...outcome.by },
    },
    flags: [...new Set([...span.flags, ...content.flags, ...payload.flags, ...usageFlags, ...outcome.flags])],
    attributes: span.attributes,
    events: span.events,
    links: span.links,
  }
}
