import type { Usage } from '@/lib/shared/chat'
import type { ProviderApi } from './provider-table'

// What the library does not tell: the reason for the end as the provider wrote it, or that there was none.
export type FinishScan = {
  push(bytes: Uint8Array): void
  reason(): string | null
  // OpenAI ends a shortened answer with an event that the library ignores, with its usage.
  incompleteUsage(): Usage | null
}

// In a JSON string a quote is escaped, so a name between bare quotes is never part of an answer's text.
const PATTERNS: Readonly<Record<ProviderApi, RegExp>> = {
  'openai-responses': /"type"\s*:\s*"response[.](completed|incomplete|failed)"/g,
  'anthropic-messages': /"stop_reason"\s*:\s*"([a-z_]+)"/g,
  'google-generative-ai': /"(?:finishReason|blockReason)"\s*:\s*"([A-Z_]+)"/g,
  'openai-completions': /"finish_reason"\s*:\s*"([a-z_]+)"/g,
  'mistral-conversations': /"finish_reason"\s*:\s*"([a-z_]+)"/g,
}

const CARRIED = 96

const numberIn = (text: string, name: string): number | null => {
  const found = new RegExp(`"${name}"\\s*:\\s*(\\d{1,15})`).exec(text)
  return found ? Number(found[1]) : null
}

const usageIn = (text: string): Usage | null => {
  const input = numberIn(text, 'input_tokens')
  const output = numberIn(text, 'output_tokens')
  if (input === null || output === null) return null
  const cacheRead = Math.min(input, numberIn(text, 'cached_tokens') ?? 0)
  return { input: input - cacheRead, output, cacheRead, cacheWrite: 0 }
}

const detailIn = (text: string): string =>
  /"incomplete_details"\s*:\s*\{\s*"reason"\s*:\s*"([a-z_]+)"/.exec(text)?.[1] ?? 'incomplete'

export const createFinishScan = (api: ProviderApi): FinishScan => {
  const pattern = PATTERNS[api]
  let carried = ''
  let reason: string | null = null
  let incomplete: string | null = null

  return {
    push: (bytes) => {
      // Names and numbers are ASCII: no need to decode what lies between them.
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      if (incomplete !== null) {
        incomplete += text
        return
      }
      const seen = carried + text
      for (const match of seen.matchAll(pattern)) {
        reason = match[1] ?? reason
        if (reason === 'incomplete') incomplete = seen.slice(match.index)
      }
      carried = seen.slice(-CARRIED)
    },
    reason: () => (incomplete === null ? reason : detailIn(incomplete)),
    incompleteUsage: () => (incomplete === null ? null : usageIn(incomplete)),
  }
}
