import { kernel } from '@/lib/core/kernel'
import { type Cooldown, cooldowns } from './cooldown'
import type { ModelRef } from './model-ref'
import { isProvider, keyOf } from './provider-table'
import { fallbackOf, resolveModel } from './resolve-model'

type ModelHealth = { provider: string; model: string; has_key: boolean; is_demo: boolean }

const healthOf = ({ provider, id, isDemo }: ModelRef): ModelHealth => ({
  provider,
  model: id,
  has_key: isDemo || (isProvider(provider) && keyOf(kernel().env, provider) !== ''),
  is_demo: isDemo,
})

export const providersHealth = (): {
  default: ModelHealth
  fallback: ModelHealth | null
  cooldowns: Cooldown[]
} => {
  const standard = resolveModel(undefined)
  const fallback = fallbackOf(standard)
  return { default: healthOf(standard), fallback: fallback && healthOf(fallback), cooldowns: cooldowns() }
}
