// Whole micro-dollars per million tokens.
export type Rates = {
  input: number
  output: number
  cacheRead: number
  cacheWrite: number
  // Of what was answered, the part that was thought and not said.
  reasoning: number
}

// Other rates for the whole call where its prompt has more tokens than `above`.
export type Tier = Rates & { above: number }

export type Price = Rates & {
  tiers: readonly Tier[]
  source: 'catalogue' | 'override' | 'fallback'
  version: string
}

export const RATE_NAMES = ['input', 'output', 'cacheRead', 'cacheWrite', 'reasoning'] as const

/** The rates that a prompt of so many tokens is charged by: those of the highest tier that it is above. */
export const ratesFor = (price: Rates & Pick<Price, 'tiers'>, promptTokens: number): Rates =>
  price.tiers.reduce<Rates & { above: number }>(
    (best, tier) => (promptTokens > tier.above && tier.above >= best.above ? tier : best),
    { ...price, above: -1 },
  )

const TOLD = /^(.*)@(\d+)\/(\d+)\/(\d+)\/(\d+)\/(\d+)$/

export const noteRates = (version: string, rates: Rates): string =>
  `${version}@${RATE_NAMES.map((name) => rates[name]).join('/')}`

/** What a line of the ledger says of its price: the version of the book and, once settled, the very rates. */
export const readNote = (note: string): { version: string; rates: Rates | null } => {
  const found = TOLD.exec(note)
  if (!found) return { version: note, rates: null }
  const [, version = '', ...figures] = found
  const [input = 0, output = 0, cacheRead = 0, cacheWrite = 0, reasoning = 0] = figures.map(Number)
  return { version, rates: { input, output, cacheRead, cacheWrite, reasoning } }
}
