import type { Scope } from '@/lib/core/scope'
import { fallbackOf, type ModelRef, resolveModel } from '@/lib/providers'
import { Problem } from '@/lib/shared/problem'
import { pinnedModel } from '@/lib/workspace'
import type { Pins } from './given'

export type Models = { model: ModelRef; fallback: ModelRef | null }

const UNPINNED = { modelPin: null, providerPin: null }

type Bound = Pick<Pins, 'modelPin' | 'providerPin'> & { environment?: string }

const refused = (model: ModelRef, { environment, modelPin, providerPin }: Bound): never => {
  throw new Problem('policy_denied', `The environment ${environment ?? ''} is pinned to another model.`, {
    model: model.name,
    model_pin: modelPin,
    provider_pin: providerPin,
  })
}

const fits = (model: ModelRef, pinned: ModelRef | null, { providerPin }: Bound): boolean =>
  pinned === null ? providerPin === null || model.provider === providerPin : model.name === pinned.name

// The default model, in the shop of the pinned provider.
const ofProvider = (wished: string | undefined, { providerPin }: Bound): ModelRef => {
  const model = resolveModel(wished)
  return providerPin === null || model.provider === providerPin ? model : resolveModel(`${providerPin}/${model.id}`)
}

/**
 * Which model answers. What is pinned wins over the default, and a caller who names another one is refused: an answer
 * of a model that nobody asked for would be a surprise, and one of a model that is not pinned no pin. `wished` is what
 * the caller said, `usual` what such a call takes otherwise.
 */
export const modelFor = (scope: Scope, wished: string | undefined, pins: Bound = UNPINNED, usual?: string): Models => {
  const name = pinnedModel(pins)
  const pinned = name === null ? null : resolveModel(name)
  const model = wished === undefined ? (pinned ?? ofProvider(usual, pins)) : resolveModel(wished)
  if (!fits(model, pinned, pins)) refused(model, pins)
  const { allowedModels } = scope.identity
  const isAllowed = (other: ModelRef) =>
    allowedModels === undefined ||
    allowedModels.some((rule) => rule === other.name || rule === other.id || rule === `${other.provider}/*`)
  if (!isAllowed(model))
    throw new Problem('policy_denied', 'This model is not allowed for this caller.', { model: model.name })
  const fallback = fallbackOf(model)
  return { model, fallback: fallback && isAllowed(fallback) && fits(fallback, pinned, pins) ? fallback : null }
}
