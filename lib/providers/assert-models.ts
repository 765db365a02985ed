import { ConfigError } from '@/lib/core/env'
import { kernel } from '@/lib/core/kernel'
import { isProblem } from '@/lib/shared/problem'
import { loadLibrary } from './library-load'
import { priceOf } from './price-book'
import { isProvider } from './provider-table'
import { fallbackOf, resolveModel } from './resolve-model'

const NAMES = ['LLM_MODEL_DEFAULT', 'LLM_MODEL_CHEAP', 'LLM_MODEL_BEST', 'LLM_MODEL_FALLBACK'] as const

const faultOf = (name: string, check: () => unknown): string[] => {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return [...error.faults]
    if (isProblem(error)) return [`${name}: ${error.message}`]
    throw error
  }
}

// The library takes such a token for its maker's own coding tool and puts that tool's prompt before ours.
const isSubscriptionToken = (key: string): boolean => key.includes('sk-ant-oat')

// The first caller need not wait until the libraries of the configured models are read from disk.
export const warmModels = async (): Promise<void> => {
  const standard = resolveModel(undefined)
  const providers = [standard.provider, fallbackOf(standard)?.provider ?? '']
  await Promise.all(providers.filter(isProvider).map(loadLibrary))
}

export const assertModels = (): void => {
  const { env } = kernel()
  const prices = faultOf('CLASPER_PRICES_PATH', () => priceOf({ provider: 'demo', id: 'clasper-demo' }))
  const models = NAMES.filter((name) => env[name] !== '').flatMap((name) =>
    faultOf(name, () => resolveModel(env[name])),
  )
  const key = isSubscriptionToken(env.ANTHROPIC_API_KEY)
    ? ['ANTHROPIC_API_KEY: is a subscription token; an API key is needed']
    : []
  const faults = [...new Set([...prices, ...models, ...key])]
  if (faults.length > 0) throw new ConfigError(faults)
}
