import { hasPrefix, textOf } from './claim'
import type { RawSpan } from './raw-span'

const GENERATION = /\/schemas\/(?:gen-ai\/)?1\.(\d+)\.\d+$/
const NEWEST = ['gen_ai.usage.cache_write.input_tokens', 'gen_ai.retrieval.top_k', 'gen_ai.skill.name']
const NEW = [
  ...['gen_ai.provider.name', 'gen_ai.input.messages', 'gen_ai.output.messages', 'gen_ai.system_instructions'],
  ...['gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_creation.input_tokens'],
]

const LAST_OLD = 36
const FIRST_OWN = 42

// The schema says it, else the newest word that a span knows.
const generationOf = ({ scope, attributes }: RawSpan): string => {
  const minor = Number(GENERATION.exec(scope.schemaUrl)?.[1] ?? 0)
  const knows = (keys: readonly string[]) => keys.some((key) => attributes[key] !== undefined)
  if (minor >= FIRST_OWN || (minor === 0 && knows(NEWEST))) return 'gen_ai-1.42'
  if (minor > LAST_OLD || (minor === 0 && knows(NEW))) return 'gen_ai-1.37'
  return 'gen_ai-1.36'
}

type Sign = readonly [name: string, is: (span: RawSpan) => boolean]

const SIGNS: readonly Sign[] = [
  ['clasper', ({ attributes }) => hasPrefix(attributes, 'clasper.')],
  ['langfuse', ({ scope, attributes }) => scope.name === 'langfuse-sdk' || hasPrefix(attributes, 'langfuse.')],
  [
    'openinference',
    ({ scope, attributes }) => attributes['openinference.span.kind'] !== undefined || /openinference/i.test(scope.name),
  ],
  ['ai-sdk-7', ({ scope }) => scope.name === '@ai-sdk/otel'],
  ['ai-sdk-6', ({ scope, attributes }) => scope.name === 'ai' || hasPrefix(attributes, 'ai.')],
  ['traceloop', ({ scope, attributes }) => /traceloop/i.test(scope.name) || hasPrefix(attributes, 'traceloop.')],
]

// What a span speaks, for the reader's eye: the mapping asks each field by itself, for a span may mix dialects.
export const dialectOf = (span: RawSpan): string => {
  const found = SIGNS.find(([, is]) => is(span))?.[0]
  if (found !== undefined) return found
  if (textOf(span.attributes['gen_ai.operation.name']) === 'agent_step') return 'ai-sdk-7'
  const isGenAi = hasPrefix(span.attributes, 'gen_ai.') || span.events.some(({ name }) => name.startsWith('gen_ai.'))
  return isGenAi ? generationOf(span) : 'plain'
}
