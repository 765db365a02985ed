import type { OpenAICompletionsCompat } from '@mariozechner/pi-ai'
import { kernel } from '@/lib/core/kernel'
import { catalogued, type LibraryModel } from './catalogue'
import type { ModelRef } from './model-ref'
import { addressOf, isProvider, PROVIDERS, type ProviderName } from './provider-table'

// The library guesses these from the address; written out, another address changes no request.
const COMPAT: Readonly<Record<'xai' | 'groq' | 'openrouter', OpenAICompletionsCompat>> = {
  xai: { supportsStore: false, supportsDeveloperRole: false, supportsReasoningEffort: false, thinkingFormat: 'openai' },
  groq: { supportsStore: true, supportsDeveloperRole: true, supportsReasoningEffort: true, thinkingFormat: 'openai' },
  openrouter: {
    supportsStore: true,
    supportsDeveloperRole: true,
    supportsReasoningEffort: true,
    thinkingFormat: 'openrouter',
  },
}

const ALL_CHAT = {
  supportsUsageInStreaming: true,
  maxTokensField: 'max_completion_tokens',
  requiresToolResultName: false,
  requiresAssistantAfterToolResult: false,
  requiresThinkingAsText: false,
  requiresReasoningContentOnAssistantMessages: false,
  supportsStrictMode: true,
  sendSessionAffinityHeaders: false,
  supportsLongCacheRetention: true,
  zaiToolStream: false,
} as const satisfies OpenAICompletionsCompat

const compatOf = (provider: ProviderName, id: string): OpenAICompletionsCompat | undefined => {
  if (provider !== 'xai' && provider !== 'groq' && provider !== 'openrouter') return undefined
  const listed = catalogued(provider, id)?.compat as OpenAICompletionsCompat | undefined
  const caching =
    provider === 'openrouter' && id.startsWith('anthropic/') ? { cacheControlFormat: 'anthropic' as const } : {}
  return { ...ALL_CHAT, ...COMPAT[provider], ...caching, ...listed }
}

const custom = (provider: ProviderName, { id, contextWindow, maxOutput }: ModelRef): LibraryModel => ({
  id,
  name: id,
  api: PROVIDERS[provider].api,
  provider,
  baseUrl: '',
  reasoning: false,
  input: ['text'],
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  contextWindow,
  maxTokens: maxOutput,
})

export const libraryModelOf = (ref: ModelRef): LibraryModel | null => {
  const { provider, id } = ref
  if (!isProvider(provider)) return null
  const compat = compatOf(provider, id)
  return {
    ...(catalogued(provider, id) ?? custom(provider, ref)),
    baseUrl: addressOf(kernel().env, provider),
    ...(compat === undefined ? {} : { compat }),
  }
}

// Models that think by themselves refuse a temperature; so do the newest ones of Anthropic.
export const temperatureFor = (model: LibraryModel, wanted: number): number | undefined => {
  if (model.provider === 'openai' && model.reasoning && typeof model.thinkingLevelMap?.off !== 'string')
    return undefined
  if (model.provider === 'anthropic') return /opus-4-[7-9]/.test(model.id) ? undefined : Math.min(wanted, 1)
  return wanted
}
