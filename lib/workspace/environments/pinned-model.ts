import { resolveModel } from '@/lib/providers'
import { Problem } from '@/lib/shared/problem'
import type { PinSet } from './pin-set'

type Pins = Pick<PinSet, 'modelPin' | 'providerPin'>

/** The one model of a pin, by its whole name; null where none is pinned. A pinned provider says whose it is. */
export const pinnedModel = ({ modelPin, providerPin }: Pins): string | null => {
  if (modelPin === null) return null
  return providerPin === null || modelPin.startsWith(`${providerPin}/`) ? modelPin : `${providerPin}/${modelPin}`
}

const refuse = (field: string, text: string): never => {
  throw new Problem('invalid_request', text, { formErrors: [], fieldErrors: { [field]: [text] } })
}

/** What no run could be answered by is refused while it is pinned, not when somebody asks. */
export const assertModelPins = (pins: Pins): void => {
  const name = pinnedModel(pins)
  if (name === null && pins.providerPin === null) return
  const usual = resolveModel(undefined)
  const { providerPin } = pins
  const model =
    name !== null
      ? resolveModel(name)
      : usual.provider === providerPin
        ? usual
        : resolveModel(`${providerPin}/${usual.id}`)
  if (providerPin !== null && model.provider !== providerPin)
    refuse('model_pin', `${model.name} is not a model of ${providerPin}`)
}
