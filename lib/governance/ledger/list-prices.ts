import { FALLBACK, type Rates, readBook } from '@/lib/providers'
import { toWireOrNull } from '@/lib/shared/time'
import type { PriceList } from '../contract/ledger'

const MILLION = 1_000_000

const figuresOf = ({ input, output, cacheRead, cacheWrite, reasoning }: Rates) => ({
  input: input / MILLION,
  output: output / MILLION,
  cache_read: cacheRead / MILLION,
  cache_write: cacheWrite / MILLION,
  reasoning: reasoning / MILLION,
})

type Wish = { q?: string | undefined; source?: 'catalogue' | 'override' | undefined; limit: number; offset: number }

/** The book that forecasts, reservations, bills and dashboards go by. */
export const listPrices = ({ q, source, limit, offset }: Wish): PriceList => {
  const { version, entries } = readBook()
  const part = q?.toLowerCase()
  const found = entries.filter(
    (entry) =>
      (part === undefined || entry.name.toLowerCase().includes(part)) &&
      (source === undefined || entry.source === source),
  )
  return {
    version,
    currency: 'USD',
    prices: found.slice(offset, offset + limit).map((entry) => ({
      name: entry.name,
      source: entry.source,
      ...figuresOf(entry),
      tiers: entry.tiers.map(({ above, ...rates }) => ({ above, ...figuresOf(rates) })),
      valid_from: toWireOrNull(entry.validFrom),
      valid_to: toWireOrNull(entry.validTo),
    })),
    fallback: figuresOf(FALLBACK),
    total: found.length,
    has_more: offset + limit < found.length,
    limit,
    offset,
  }
}
