import type { Usage } from '@/lib/shared/chat'
import type { ProviderApi } from './provider-table'
import { fieldsOf, jsonOf, listOf } from './sse-frames'

// What the library does not tell: the reason for the end as the provider wrote it, or that there was none.
export type FinishScan = {
  see(frame: string): void
  reason(): string | null
  // OpenAI ends a shortened answer with an event that the library ignores, with its usage.
  incompleteUsage(): Usage | null
}

// Cheap and loose: a hit only says that the frame is worth reading. A tool that is echoed may hold the same names.
const HINTS: Readonly<Record<ProviderApi, RegExp>> = {
  'openai-responses': /"response[.](?:completed|incomplete|failed)"/,
  'anthropic-messages': /"stop_reason"\s*:\s*"/,
  'google-generative-ai': /"(?:finishReason|blockReason)"\s*:\s*"/,
  'openai-completions': /"finish_reason"\s*:\s*"/,
  'mistral-conversations': /"finish_reason"\s*:\s*"/,
}

type Fields = Record<string, unknown>

const word = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

const firstWord = (items: unknown, name: string): string | null =>
  listOf(items)
    .map((item) => word(fieldsOf(item)?.[name]))
    .find((found) => found !== null) ?? null

const ofResponse = (event: Fields): string | null => {
  const found = /^response[.](completed|incomplete|failed)$/.exec(word(event['type']) ?? '')?.[1] ?? null
  if (found !== 'incomplete') return found
  return word(fieldsOf(fieldsOf(event['response'])?.['incomplete_details'])?.['reason']) ?? found
}

const ofChoices = (event: Fields): string | null => firstWord(event['choices'], 'finish_reason')

const REASONS: Readonly<Record<ProviderApi, (event: Fields) => string | null>> = {
  'openai-responses': ofResponse,
  'anthropic-messages': (event) =>
    event['type'] === 'message_delta' ? word(fieldsOf(event['delta'])?.['stop_reason']) : null,
  'google-generative-ai': (event) =>
    firstWord(event['candidates'], 'finishReason') ?? word(fieldsOf(event['promptFeedback'])?.['blockReason']),
  'openai-completions': ofChoices,
  'mistral-conversations': ofChoices,
}

const usageIn = (event: Fields): Usage | null => {
  const usage = fieldsOf(fieldsOf(event['response'])?.['usage'])
  const { input_tokens: input, output_tokens: output } = usage ?? {}
  if (typeof input !== 'number' || typeof output !== 'number') return null
  const cached = fieldsOf(usage?.['input_tokens_details'])?.['cached_tokens']
  const cacheRead = typeof cached === 'number' ? Math.min(input, cached) : 0
  return { input: input - cacheRead, output, cacheRead, cacheWrite: 0 }
}

export const createFinishScan = (api: ProviderApi): FinishScan => {
  let reason: string | null = null
  let incomplete: Usage | 'untold' | null = null

  return {
    see: (frame) => {
      if (incomplete !== null || !HINTS[api].test(frame)) return
      const event = jsonOf(frame)
      if (event === null) return
      reason = REASONS[api](event) ?? reason
      if (event['type'] === 'response.incomplete') incomplete = usageIn(event) ?? 'untold'
    },
    reason: () => reason,
    incompleteUsage: () => (incomplete === 'untold' ? null : incomplete),
  }
}
