import type { Env } from '@/lib/core/env'
import { kernel } from '@/lib/core/kernel'
import { Problem } from '@/lib/shared/problem'
import { catalogued, cataloguedNames } from './catalogue'
import { DEMO_ID, DEMO_MODEL, DEMO_PROVIDER } from './demo-ref'
import { type ModelName, splitModelName } from './model-name'
import type { ModelRef } from './model-ref'
import { nearestNames } from './near-names'
import { isPriced, makerOf, overrideOf } from './price-book'
import { hasOwnAddress, isProvider, PROVIDER_NAMES } from './provider-table'

const KNOWN = [...PROVIDER_NAMES, DEMO_PROVIDER]

// Families whose window is known although the catalogue does not list the model.
const WINDOWS: readonly (readonly [RegExp, number])[] = [
  [/^gpt-4o|^gpt-4[.]1|turbo-\d{4}|^gpt-4-turbo/, 128_000],
  [/^gpt-3[.]5-turbo/, 16_385],
  [/^gpt-4/, 8_192],
  [/claude/, 200_000],
  [/gemini-2[.\d]*-flash/, 1_000_000],
  [/gemini-1[.]5-pro/, 2_000_000],
]

const windowOf = (id: string): number => WINDOWS.find(([pattern]) => pattern.test(id))?.[1] ?? 128_000

const refOf = ({ provider, id }: ModelName): ModelRef | null => {
  if (!isProvider(provider)) return null
  const model = catalogued(provider, id)
  const entry = overrideOf(provider, id)
  const isKnown = model !== undefined || isPriced(provider, id) || hasOwnAddress(kernel().env, provider)
  if (!isKnown) return null
  const contextWindow = entry?.context_window ?? model?.contextWindow ?? windowOf(id)
  const maxOutput = entry?.max_output ?? model?.maxTokens ?? contextWindow
  return { provider, id, name: `${provider}/${id}`, contextWindow, maxOutput, isDemo: false }
}

export const isDemoAllowed = (env: Env): boolean =>
  !env.isProduction || env.CLASPER_ALLOW_DEMO_MODEL || env.profile === 'demo'

const demo = (text: string): ModelRef => {
  if (isDemoAllowed(kernel().env)) return DEMO_MODEL
  throw new Problem('invalid_request', 'The demo model is not allowed in production', { model: text })
}

const unknown = (text: string, wanted: string): never => {
  const nearest = nearestNames(wanted, [...cataloguedNames(), DEMO_MODEL.name])
  const hint = nearest.length > 0 ? `; near names: ${nearest.join(', ')}` : ''
  throw new Problem('invalid_request', `Unknown model: ${text.slice(0, 200)}${hint}`, {
    model: text.slice(0, 200),
    nearest,
  })
}

const MOST_CHARACTERS = 200

// Nothing named means the model of runs. With the demo provider as standard every bare name means its only model.
export const resolveModel = (text: string | undefined): ModelRef => {
  const { LLM_MODEL_DEFAULT, LLM_PROVIDER } = kernel().env
  const wanted = text === undefined || text.trim() === '' ? LLM_MODEL_DEFAULT : text.trim()
  const name = splitModelName(wanted, KNOWN, LLM_PROVIDER)
  if (name.provider === DEMO_PROVIDER)
    return !name.isQualified || name.id === DEMO_ID ? demo(wanted) : unknown(wanted, wanted)
  if (name.id === '' || wanted.length > MOST_CHARACTERS) return unknown(wanted, wanted.slice(0, MOST_CHARACTERS))
  return refOf(name) ?? unknown(wanted, `${name.provider}/${name.id}`)
}

export const fallbackOf = (model: ModelRef): ModelRef | null => {
  const { LLM_MODEL_FALLBACK } = kernel().env
  if (LLM_MODEL_FALLBACK === '') return null
  const fallback = resolveModel(LLM_MODEL_FALLBACK)
  return fallback.name === model.name ? null : fallback
}

export const contextWindowOf = (model: ModelRef): number => model.contextWindow

// For prices of models that nobody is about to call: any name has a provider and an id.
export const readModelName = (text: string, provider = ''): { provider: string; id: string } => {
  const name = splitModelName(text, KNOWN, provider === '' ? kernel().env.LLM_PROVIDER : provider)
  if (name.isQualified || provider !== '' || isPriced(name.provider, name.id))
    return { provider: name.provider, id: name.id }
  return { provider: makerOf(name.id) ?? name.provider, id: name.id }
}
