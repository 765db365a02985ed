import { kernel } from '@/lib/core/kernel'
import { type Cooldown, cooldowns } from './cooldown'
import type { ModelRef } from './model-ref'
import { isProvider, keyNameOf, keyOf } from './provider-table'
import { fallbackOf, resolveModel } from './resolve-model'

type ModelHealth = {
  provider: string
  model: string
  has_key: boolean
  // The setting that holds it; the demo model needs none.
  key_name: string | null
  is_demo: boolean
}

const healthOf = ({ provider, id, isDemo }: ModelRef): ModelHealth => {
  const { env } = kernel()
  const real = isProvider(provider) ? provider : null
  return {
    provider,
    model: id,
    has_key: isDemo || (real !== null && keyOf(env, real) !== ''),
    key_name: real && keyNameOf(real),
    is_demo: isDemo,
  }
}

const cheapOf = (): ModelHealth | null => {
  const { LLM_MODEL_CHEAP: name } = kernel().env
  return name === '' ? null : healthOf(resolveModel(name))
}

export const providersHealth = (): {
  default: ModelHealth
  fallback: ModelHealth | null
  cheap: ModelHealth | null
  cooldowns: Cooldown[]
} => {
  const standard = resolveModel(undefined)
  const fallback = fallbackOf(standard)
  return {
    default: healthOf(standard),
    fallback: fallback && healthOf(fallback),
    cheap: cheapOf(),
    cooldowns: cooldowns(),
  }
}
