import type { AssistantMessageEvent, Context, ProviderStreamOptions } from '@mariozechner/pi-ai'
import { shieldModelLibraries } from '@/lib/core/env'
import { kernel } from '@/lib/core/kernel'
import type { LibraryModel } from './catalogue'
import { PROVIDERS, type ProviderApi, type ProviderName } from './provider-table'

type Call = (
  model: LibraryModel,
  context: Context,
  options: ProviderStreamOptions,
) => AsyncIterable<AssistantMessageEvent>

// Each function takes models of its own protocol; the table below hands it no others.
const asCall = (call: unknown): Call => call as Call

// The SDK of a protocol is read from disk at its first use, which can take a second: no part of any attempt. Called
// directly, without the library's own detour through a second stream.
const LOADERS: Readonly<Record<ProviderApi, () => Promise<Call>>> = {
  'openai-responses': async () => asCall((await import('@mariozechner/pi-ai/openai-responses')).streamOpenAIResponses),
  'anthropic-messages': async () => asCall((await import('@mariozechner/pi-ai/anthropic')).streamAnthropic),
  'google-generative-ai': async () => asCall((await import('@mariozechner/pi-ai/google')).streamGoogle),
  'openai-completions': async () =>
    asCall((await import('@mariozechner/pi-ai/openai-completions')).streamOpenAICompletions),
  'mistral-conversations': async () => asCall((await import('@mariozechner/pi-ai/mistral')).streamMistral),
}

const loaded = (): Map<ProviderApi, Call> => kernel().slot('providers.loaded', () => new Map<ProviderApi, Call>())

export const isLoaded = (provider: ProviderName): boolean => loaded().has(PROVIDERS[provider].api)

export const loadLibrary = async (provider: ProviderName): Promise<void> => {
  const { api } = PROVIDERS[provider]
  shieldModelLibraries()
  loaded().set(api, await LOADERS[api]())
}

export const callLibrary: Call = (model, context, options) => {
  const { api } = PROVIDERS[model.provider as ProviderName]
  const call = loaded().get(api)
  if (!call) throw new TypeError(`The library of ${api} is not loaded`)
  return call(model, context, options)
}
