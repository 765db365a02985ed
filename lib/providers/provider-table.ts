import type { Env } from '@/lib/core/env'

export type ProviderApi =
  | 'openai-responses'
  | 'anthropic-messages'
  | 'google-generative-ai'
  | 'openai-completions'
  | 'mistral-conversations'

type Row = { api: ProviderApi; origin: string; suffix: string; header: string; prefix: string }

const bearer = { header: 'authorization', prefix: 'Bearer ' }

// The suffix stays when LLM_BASE_URL_<PROVIDER> replaces scheme, host and prefix.
export const PROVIDERS = {
  openai: { api: 'openai-responses', origin: 'https://api.openai.com', suffix: '/v1', ...bearer },
  anthropic: {
    api: 'anthropic-messages',
    origin: 'https://api.anthropic.com',
    suffix: '',
    header: 'x-api-key',
    prefix: '',
  },
  google: {
    api: 'google-generative-ai',
    origin: 'https://generativelanguage.googleapis.com',
    suffix: '/v1beta',
    header: 'x-goog-api-key',
    prefix: '',
  },
  xai: { api: 'openai-completions', origin: 'https://api.x.ai', suffix: '/v1', ...bearer },
  groq: { api: 'openai-completions', origin: 'https://api.groq.com', suffix: '/openai/v1', ...bearer },
  mistral: { api: 'mistral-conversations', origin: 'https://api.mistral.ai', suffix: '', ...bearer },
  openrouter: { api: 'openai-completions', origin: 'https://openrouter.ai', suffix: '/api/v1', ...bearer },
} as const satisfies Record<string, Row>

export type ProviderName = keyof typeof PROVIDERS

export const PROVIDER_NAMES = Object.keys(PROVIDERS) as readonly ProviderName[]

export const isProvider = (name: string): name is ProviderName => Object.hasOwn(PROVIDERS, name)

const KEYS = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GEMINI_API_KEY',
  xai: 'XAI_API_KEY',
  groq: 'GROQ_API_KEY',
  mistral: 'MISTRAL_API_KEY',
  openrouter: 'OPENROUTER_API_KEY',
} as const satisfies Record<ProviderName, keyof Env>

const ADDRESSES = {
  openai: 'LLM_BASE_URL_OPENAI',
  anthropic: 'LLM_BASE_URL_ANTHROPIC',
  google: 'LLM_BASE_URL_GOOGLE',
  xai: 'LLM_BASE_URL_XAI',
  groq: 'LLM_BASE_URL_GROQ',
  mistral: 'LLM_BASE_URL_MISTRAL',
  openrouter: 'LLM_BASE_URL_OPENROUTER',
} as const satisfies Record<ProviderName, keyof Env>

export const keyNameOf = (provider: ProviderName): string => KEYS[provider]

export const keyOf = (env: Env, provider: ProviderName): string => env[KEYS[provider]]

export const hasOwnAddress = (env: Env, provider: ProviderName): boolean => env[ADDRESSES[provider]] !== ''

// Whoever writes the suffix into the address means the same address.
export const addressOf = (env: Env, provider: ProviderName): string => {
  const { origin, suffix } = PROVIDERS[provider]
  const base = (env[ADDRESSES[provider]] || origin).replace(/\/+$/, '')
  return suffix !== '' && base.endsWith(suffix) ? base : `${base}${suffix}`
}
