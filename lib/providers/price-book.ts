import { createHash } from 'node:crypto'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { cataloguedModels, type LibraryModel } from './catalogue'
import { DEMO_ID, DEMO_PRICE, DEMO_PROVIDER } from './demo-ref'
import type { Price, Rates } from './price'
import { entryAt, type PriceEntry, readPriceFile } from './price-file'

type Figures = Rates & Pick<Price, 'tiers'>

export const MICRO = 1_000_000

// These hold whatever the catalogue says. Dollars per million tokens.
const FIXED: Readonly<Record<string, readonly [input: number, output: number]>> = {
  'openai/gpt-4': [30, 60],
  'openai/gpt-4-turbo': [10, 30],
  'openai/gpt-4o': [2.5, 10],
  'openai/gpt-4o-mini': [0.15, 0.6],
  'openai/gpt-3.5-turbo': [0.5, 1.5],
  'openai/text-embedding-3-small': [0.02, 0],
  'openai/text-embedding-3-large': [0.13, 0],
  'openai/text-embedding-ada-002': [0.1, 0],
  'anthropic/claude-3-opus': [15, 75],
  'anthropic/claude-3-sonnet': [3, 15],
  'anthropic/claude-3.5-sonnet': [3, 15],
  'anthropic/claude-3-haiku': [0.25, 1.25],
}

export const FALLBACK: Figures = {
  ...{ input: 10 * MICRO, cacheRead: 10 * MICRO, cacheWrite: 10 * MICRO },
  ...{ output: 30 * MICRO, reasoning: 30 * MICRO, tiers: [] },
}

// A bucket without a price of its own costs what fresh input costs: never nothing.
const figuresOf = (input: number, output: number, cacheRead: number, cacheWrite: number): Figures => ({
  input,
  output,
  cacheRead: cacheRead > 0 ? cacheRead : input,
  cacheWrite: cacheWrite > 0 ? cacheWrite : input,
  reasoning: output,
  tiers: [],
})

const micro = (dollars: number): number => Math.round(dollars * MICRO)

// A listed price of nothing means that nobody knows, unless the model is offered as a free one.
const isTold = ({ id, cost }: LibraryModel): boolean =>
  Object.values(cost).every((dollars) => Number.isFinite(dollars) && dollars >= 0) &&
  ((cost.input > 0 && cost.output > 0) || /(?::|\/)free$/.test(id))

const listed = (model: LibraryModel): Figures | null => {
  const { input, output, cacheRead, cacheWrite } = model.cost
  return isTold(model) ? figuresOf(micro(input), micro(output), micro(cacheRead), micro(cacheWrite)) : null
}

type Known = Map<string, Figures | null>

const seeds = (): Known => {
  const book: Known = new Map([
    [`${DEMO_PROVIDER}/${DEMO_ID}`, { ...DEMO_PRICE, reasoning: DEMO_PRICE.output, tiers: [] }],
  ])
  for (const model of cataloguedModels()) book.set(`${model.provider}/${model.id}`, listed(model))
  for (const [name, [input, output]] of Object.entries(FIXED)) {
    const known = book.get(name)
    const cheaper = known && known.cacheRead < known.input ? known.cacheRead : 0
    book.set(name, figuresOf(micro(input), micro(output), cheaper, 0))
  }
  return book
}

type Written = Pick<PriceEntry, 'input' | 'output' | 'cache_read' | 'cache_write' | 'reasoning'>

const written = ({ input, output, cache_read, cache_write, reasoning }: Written): Rates => ({
  input,
  output,
  cacheRead: cache_read ?? input,
  cacheWrite: cache_write ?? input,
  reasoning: reasoning ?? output,
})

const overridden = (entry: PriceEntry): Figures => ({
  ...written(entry),
  tiers: entry.tiers.map((tier) => ({ above: tier.above, ...written(tier) })),
})

type Book = {
  version: string
  known: ReadonlyMap<string, Figures | null>
  overrides: ReadonlyMap<string, readonly PriceEntry[]>
}

// The version follows from the content: two instances with one version charge the same.
const build = (): Book => {
  const { version, entries } = readPriceFile(kernel().env.CLASPER_PRICES_PATH)
  const known = seeds()
  const content = JSON.stringify([[...known].sort(([a], [b]) => (a < b ? -1 : 1)), [...entries]])
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12)
  return { version: version === '' ? digest : `${version}+${digest}`, known, overrides: entries }
}

const book = (): Book => kernel().slot('providers.prices', build)

// An id may carry its provider already; OpenRouter has ids that begin with its own name.
const namesOf = (provider: string, id: string): string[] => [`${provider}/${id}`, id]

export const overrideOf = (provider: string, id: string, at = kernel().clock.now()): PriceEntry | undefined => {
  const { overrides } = book()
  for (const name of namesOf(provider, id)) {
    const entry = entryAt(overrides.get(name), at.getTime())
    if (entry) return entry
  }
  return undefined
}

export const isPriced = (provider: string, id: string): boolean =>
  overrideOf(provider, id) !== undefined || book().known.has(`${provider}/${id}`)

export const priceOf = ({ provider, id }: { provider: string; id: string }, at?: Date): Price => {
  const { version, known } = book()
  const entry = overrideOf(provider, id, at)
  if (entry) return { ...overridden(entry), source: 'override', version }
  for (const name of namesOf(provider, id)) {
    const figures = known.get(name)
    if (figures) return { ...figures, source: 'catalogue', version }
    if (figures === null) break
  }
  return { ...FALLBACK, source: 'fallback', version }
}

// Bare names that are known to one maker only, so that a price does not depend on LLM_PROVIDER.
export const makerOf = (id: string): string | undefined => {
  const names = [...Object.keys(FIXED), ...book().known.keys()]
  return names.find((name) => name.slice(name.indexOf('/') + 1) === id)?.split('/')[0]
}

export type BookEntry = Figures & {
  name: string
  source: 'catalogue' | 'override'
  validFrom: Date | null
  validTo: Date | null
}

const dateOrNull = (at: number | undefined): Date | null => (at === undefined ? null : dateOf(at))

/** The whole book by name; what the price file says of a model stands before what the catalogue says. */
export const readBook = (): { version: string; entries: BookEntry[] } => {
  const { version, known, overrides } = book()
  const own = [...overrides].flatMap(([name, entries]) =>
    entries.map((entry) => ({
      ...{ name, ...overridden(entry), source: 'override' as const },
      ...{ validFrom: dateOrNull(entry.valid_from), validTo: dateOrNull(entry.valid_to) },
    })),
  )
  const listed = [...known].flatMap(([name, figures]) =>
    figures === null ? [] : [{ name, ...figures, source: 'catalogue' as const, validFrom: null, validTo: null }],
  )
  return { version, entries: [...own, ...listed].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) }
}
