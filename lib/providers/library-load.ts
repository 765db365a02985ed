import { shieldModelLibraries } from '@/lib/core/env'
import { kernel } from '@/lib/core/kernel'
import { PROVIDERS, type ProviderApi, type ProviderName } from './provider-table'

// The SDK of a protocol is read from disk at its first use, which can take a second: no part of any attempt.
const LOADERS: Readonly<Record<ProviderApi, () => Promise<unknown>>> = {
  'openai-responses': () => import('@mariozechner/pi-ai/openai-responses'),
  'anthropic-messages': () => import('@mariozechner/pi-ai/anthropic'),
  'google-generative-ai': () => import('@mariozechner/pi-ai/google'),
  'openai-completions': () => import('@mariozechner/pi-ai/openai-completions'),
  'mistral-conversations': () => import('@mariozechner/pi-ai/mistral'),
}

const loaded = (): Set<ProviderApi> => kernel().slot('providers.loaded', () => new Set<ProviderApi>())

export const isLoaded = (provider: ProviderName): boolean => loaded().has(PROVIDERS[provider].api)

export const loadLibrary = async (provider: ProviderName): Promise<void> => {
  const { api } = PROVIDERS[provider]
  shieldModelLibraries()
  await LOADERS[api]()
  loaded().add(api)
}
