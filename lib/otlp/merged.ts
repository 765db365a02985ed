import { type Claim, firstOf, type Reader, textOf, wordIn } from './claim'
import { aiSdkMetadata, aiSdkParams } from './dialects/ai-sdk'
import { genAiParams } from './dialects/gen-ai'
import { langfuseMetadata, langfuseParams } from './dialects/langfuse'
import { openInferenceMetadata, openInferenceParams } from './dialects/open-inference'
import { traceloopMetadata } from './dialects/traceloop'
import { unpacked } from './json-text'
import type { RawSpan } from './raw-span'

type Json = Readonly<Record<string, unknown>>
type Merged = { value: Json; by: Readonly<Record<string, string>> }

// The strongest last: it writes over what weaker ones said.
const merged = (span: RawSpan, field: string, readers: readonly Reader<Json>[]): Merged => {
  const claims = readers.map((read) => read(span)).filter((claim) => claim !== null)
  if (claims.length === 0) return { value: {}, by: {} }
  const value = Object.create(null) as Record<string, unknown>
  for (const claim of claims)
    for (const [key, item] of Object.entries(claim.value)) if (key !== '__proto__') value[key] = item
  return {
    value,
    by: {
      [field]: claims
        .map(({ by }) => by)
        .reverse()
        .join(' + '),
    },
  }
}

const PARAM_NAMES: Readonly<Record<string, string>> = {
  maxTokens: 'max_tokens',
  max_completion_tokens: 'max_tokens',
  max_output_tokens: 'max_tokens',
  maxOutputTokens: 'max_tokens',
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop_sequences',
  n: 'choice_count',
}

// What is no parameter, though clients write their whole request there.
const NO_PARAMS = new Set(['model', 'messages', 'input', 'tools', 'prompt', 'system', 'instructions', '__proto__'])

export const paramsOf = (span: RawSpan): Merged => {
  const { value, by } = merged(span, 'params', [aiSdkParams, genAiParams, openInferenceParams, langfuseParams])
  const entries = Object.entries(value).filter(([key, item]) => !NO_PARAMS.has(key) && item !== null)
  return { value: Object.fromEntries(entries.map(([key, item]) => [wordIn(PARAM_NAMES, key) ?? key, item])), by }
}

const ELSEWHERE = new Set(['userId', 'user_id', 'sessionId', 'session_id', 'langfuse_session_id', 'tags'])

export const metadataOf = (span: RawSpan): Merged => {
  const readers = [traceloopMetadata, aiSdkMetadata, openInferenceMetadata, langfuseMetadata]
  const { value, by } = merged(span, 'metadata', readers)
  return { value: Object.fromEntries(Object.entries(value).filter(([key]) => !ELSEWHERE.has(key))), by }
}

const MOST_TAGS = 50
const TAG_KEYS = [
  'langfuse.trace.tags',
  'tag.tags',
  'ai.telemetry.metadata.tags',
  'traceloop.association.properties.tags',
]

const tagsAt =
  (key: string): Reader<string[]> =>
  ({ attributes }) => {
    const value = unpacked(attributes[key])
    const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : []
    const tags = list.map((tag: unknown) => textOf(tag)?.trim() ?? '').filter((tag) => tag !== '')
    return tags.length === 0 ? null : { value: [...new Set(tags)].slice(0, MOST_TAGS), by: key }
  }

export const tagsOf = (span: RawSpan): Claim<string[]> | null => firstOf(span, TAG_KEYS.map(tagsAt))
