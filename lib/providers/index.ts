// Who answers, and what does it cost? Models by name, their prices, and one call that retries, fails over and meters.
// The only room that knows the model library.
export { assertModels, warmModels } from './assert-models'
export { callModel, type ModelCall } from './call-model'
export { boundCost, costAt, costOf, estimateCost, linesOf, toldPrice } from './cost'
export { type DemoStep, scriptDemo } from './demo-script'
export { estimatePrompt } from './estimate-prompt'
export type { Attempt, AttemptStart, FailureClass, ModelAnswer, ModelRef } from './model-ref'
export { type Price, type Rates, ratesFor, readNote } from './price'
export { FALLBACK, priceOf, readBook } from './price-book'
export { providersHealth } from './providers-health'
export { contextWindowOf, fallbackOf, readModelName, resolveModel } from './resolve-model'
