import type { SpanKind, SpanMessage } from '@/lib/tracing'
import { type Claim, firstOf, type Reader } from './claim'
import { aiSdkSaidIn, aiSdkSaidOut } from './dialects/ai-sdk'
import {
  genAiSaidIn,
  genAiSaidOut,
  genAiSystem,
  oldestSaidIn,
  oldestSaidOut,
  retrievalSaidIn,
  retrievalSaidOut,
} from './dialects/gen-ai'
import {
  detailsSaidIn,
  detailsSaidOut,
  detailsSystem,
  eventSaidIn,
  eventSaidOut,
  oldEventSaidIn,
  oldEventSaidOut,
} from './dialects/gen-ai-events'
import { langfuseInput, langfuseOutput, langfuseSaidIn, langfuseSaidOut } from './dialects/langfuse'
import {
  inputValue,
  inputValueSaid,
  openInferenceDocuments,
  openInferenceSaidIn,
  openInferenceSaidOut,
  outputValue,
  outputValueSaid,
} from './dialects/open-inference'
import { otherSaidIn, otherSaidOut } from './dialects/others'
import {
  entityInput,
  entityOutput,
  entitySaidIn,
  entitySaidOut,
  traceloopSaidIn,
  traceloopSaidOut,
} from './dialects/traceloop'
import { isBroken, unpacked } from './json-text'
import type { Said } from './message-list'
import type { RawSpan } from './raw-span'

const INPUTS: readonly Reader<Said>[] = [
  langfuseSaidIn,
  genAiSaidIn,
  detailsSaidIn,
  eventSaidIn,
  oldEventSaidIn,
  openInferenceSaidIn,
  aiSdkSaidIn,
  retrievalSaidIn,
  inputValueSaid,
  oldestSaidIn,
  traceloopSaidIn,
  entitySaidIn,
  otherSaidIn,
]

const OUTPUTS: readonly Reader<Said>[] = [
  langfuseSaidOut,
  genAiSaidOut,
  detailsSaidOut,
  eventSaidOut,
  oldEventSaidOut,
  openInferenceSaidOut,
  aiSdkSaidOut,
  retrievalSaidOut,
  openInferenceDocuments,
  outputValueSaid,
  oldestSaidOut,
  traceloopSaidOut,
  entitySaidOut,
  otherSaidOut,
]

const SYSTEMS: readonly Reader<string>[] = [genAiSystem, detailsSystem]

const valueAt =
  (key: string): Reader<unknown> =>
  ({ attributes }) => {
    const value = attributes[key]
    return value === undefined || value === '' ? null : { value, by: key }
  }

const ARGUMENTS = [
  langfuseInput,
  ...['ai.toolCall.args', 'gen_ai.tool.call.arguments'].map(valueAt),
  inputValue,
  valueAt('tool.parameters'),
  entityInput,
  valueAt('gcp.vertex.agent.tool_call_args'),
]
const RESULTS = [
  langfuseOutput,
  ...['ai.toolCall.result', 'gen_ai.tool.call.result'].map(valueAt),
  outputValue,
  entityOutput,
  valueAt('gcp.vertex.agent.tool_response'),
]

export type Content = {
  system: string | null
  input: readonly SpanMessage[]
  output: readonly SpanMessage[]
  rawInput: unknown
  rawOutput: unknown
  finish: readonly string[]
  flags: readonly string[]
  by: Readonly<Record<string, string>>
}

export type Payload = {
  arguments: unknown
  result: unknown
  flags: readonly string[]
  by: Readonly<Record<string, string>>
}

const NO_RULES: Readonly<Record<string, string>> = {}

const named = (claims: Readonly<Record<string, Claim<unknown> | null>>): Readonly<Record<string, string>> => {
  const said = Object.entries(claims).filter(([, claim]) => claim !== null)
  return said.length === 0 ? NO_RULES : Object.fromEntries(said.map(([field, claim]) => [field, claim?.by ?? '']))
}

export const isTool = (kind: SpanKind): boolean => kind === 'tool' || kind === 'skill'

export const payloadOf = (span: RawSpan): Payload => {
  const [given, result] = [firstOf(span, ARGUMENTS), firstOf(span, RESULTS)]
  const isText = [given, result].some((claim) => isBroken(claim?.value))
  return {
    arguments: unpacked(given?.value ?? null),
    result: unpacked(result?.value ?? null),
    flags: isText ? ['broken_json'] : [],
    by: named({ arguments: given, result }),
  }
}

// A bare text is a message where a model was spoken with. Broken JSON is none: it stays what it is, and is flagged.
const asMessage = (said: Said | undefined, kind: SpanKind, role: string): Pick<Said, 'messages' | 'raw'> => {
  if (said === undefined) return { messages: [], raw: null }
  const isBare = kind === 'inference' && typeof said.raw === 'string' && said.flags.length === 0
  if (!isBare) return said
  return { messages: [{ role, parts: [{ type: 'text', content: said.raw as string }] }], raw: null }
}

export const contentOf = (span: RawSpan, kind: SpanKind): Content => {
  const [input, output, system] = [firstOf(span, INPUTS), firstOf(span, OUTPUTS), firstOf(span, SYSTEMS)]
  const [asked, answered] = [asMessage(input?.value, kind, 'user'), asMessage(output?.value, kind, 'assistant')]
  const lifted = system ?? (input?.value.system ? { value: input.value.system, by: input.by } : null)
  return {
    system: lifted?.value ?? null,
    input: asked.messages,
    output: answered.messages,
    rawInput: asked.raw,
    rawOutput: answered.raw,
    finish: output?.value.finish ?? [],
    flags: [...new Set([...(input?.value.flags ?? []), ...(output?.value.flags ?? [])])],
    by: named({ input, output, system: lifted }),
  }
}
