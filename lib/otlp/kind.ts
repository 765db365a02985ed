import type { SpanKind } from '@/lib/tracing'
import { type Claim, firstOf, type Reader, textOf } from './claim'
import { aiSdkKind } from './dialects/ai-sdk'
import { clasperKind } from './dialects/clasper'
import { genAiAnything, genAiKind, genAiTool } from './dialects/gen-ai'
import { langfuseAnything, langfuseKind } from './dialects/langfuse'
import { openInferenceKind } from './dialects/open-inference'
import { traceloopKind, traceloopName, traceloopRequest } from './dialects/traceloop'
import type { RawSpan } from './raw-span'

const MODELS = ['gen_ai.request.model', 'gen_ai.response.model', 'llm.model_name', 'llm.request.model', 'ai.model.id']

const withModel: Reader<SpanKind> = ({ attributes }) => {
  const key = MODELS.find((name) => textOf(attributes[name]) !== null)
  return key === undefined ? null : { value: 'inference', by: key }
}

const NAMES: readonly (readonly [RegExp, SpanKind])[] = [
  [/^invoke_agent\b/, 'agent'],
  [/^execute_tool\b/, 'tool'],
  [/^invoke_workflow\b/, 'workflow'],
  [/^agent_step\b/, 'step'],
]

const byName: Reader<SpanKind> = ({ name }) => {
  const kind = NAMES.find(([pattern]) => pattern.test(name))?.[1]
  return kind === undefined ? null : { value: kind, by: 'name' }
}

// What is said outright before what is guessed. The kind that OpenTelemetry itself gives a span says nothing of this.
const READERS = [
  clasperKind,
  langfuseKind,
  openInferenceKind,
  genAiKind,
  aiSdkKind,
  traceloopKind,
  traceloopRequest,
  genAiTool,
  genAiAnything,
  withModel,
  langfuseAnything,
  traceloopName,
  byName,
]

export const kindOf = (span: RawSpan): Claim<SpanKind> => firstOf(span, READERS) ?? { value: 'step', by: 'fallback' }
