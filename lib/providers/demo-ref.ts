import type { ModelRef } from './model-ref'

export const DEMO_PROVIDER = 'demo'
export const DEMO_ID = 'clasper-demo'

export const DEMO_MODEL: ModelRef = {
  provider: DEMO_PROVIDER,
  id: DEMO_ID,
  name: `${DEMO_PROVIDER}/${DEMO_ID}`,
  contextWindow: 128_000,
  maxOutput: 16_384,
  isDemo: true,
}

// Small, but something for ledgers to show: 0.15 and 0.60 dollars per million tokens.
export const DEMO_PRICE = { input: 150_000, output: 600_000, cacheRead: 75_000, cacheWrite: 150_000 }
