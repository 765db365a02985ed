import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ConfigError } from '@/lib/core/env'

// Dollars per million tokens with at most six decimals: a whole number of micro-dollars.
const Dollars = z
  .union([z.number().nonnegative().max(1_000_000), z.string().regex(/^\d{1,7}(\.\d{1,6})?$/)])
  .transform((value) => Math.round(Number(value) * 1_000_000))

const figures = {
  input: Dollars,
  output: Dollars,
  cache_read: Dollars.optional(),
  cache_write: Dollars.optional(),
  reasoning: Dollars.optional(),
}

const Tier = z.strictObject({ above: z.number().int().positive().max(100_000_000), ...figures })
const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).transform((text) => Date.parse(text))

const Entry = z.strictObject({
  ...figures,
  // Other figures for a call whose prompt has more tokens.
  tiers: z.array(Tier).max(8).default([]),
  // A day begins at midnight UTC.
  valid_from: Moment.optional(),
  valid_to: Moment.optional(),
  context_window: z.number().int().positive().max(100_000_000).optional(),
  max_output: z.number().int().positive().max(10_000_000).optional(),
})

const PriceFile = z.strictObject({
  version: z.string().max(64).optional(),
  prices: z.record(
    z.string().min(1).max(200),
    z.union([Entry.transform((entry) => [entry]), z.array(Entry).min(1).max(64)]),
  ),
})

export type PriceEntry = z.output<typeof Entry>

export type PriceOverrides = { version: string; entries: ReadonlyMap<string, readonly PriceEntry[]> }

export const isValidAt = ({ valid_from: from, valid_to: to }: PriceEntry, at: number): boolean =>
  (from === undefined || from <= at) && (to === undefined || at < to)

/** Of several that hold at a moment, the one that began last. */
export const entryAt = (entries: readonly PriceEntry[] | undefined, at: number): PriceEntry | undefined =>
  entries
    ?.filter((entry) => isValidAt(entry, at))
    .reduce<PriceEntry | undefined>(
      (best, next) => (best && (best.valid_from ?? 0) > (next.valid_from ?? 0) ? best : next),
      undefined,
    )

export const NO_OVERRIDES: PriceOverrides = { version: '', entries: new Map() }

// Of the forms that a price may have, the one that came closest says what is wrong.
const deepest = (issue: z.core.$ZodIssue): z.core.$ZodIssue => {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors.map(([first]) => first).filter((first) => first !== undefined)
  const [nearest] = inner.sort((a, b) => b.path.length - a.path.length)
  return nearest ? deepest({ ...nearest, path: [...issue.path, ...nearest.path] }) : issue
}

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new ConfigError([
      `CLASPER_PRICES_PATH: ${error instanceof SyntaxError ? 'is no JSON file' : 'cannot be read'}`,
    ])
  }
}

export const readPriceFile = (path: string): PriceOverrides => {
  if (path === '') return NO_OVERRIDES
  const parsed = PriceFile.safeParse(readJson(path))
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map(deepest).map((issue) => `CLASPER_PRICES_PATH: ${issue.path.join('.')}: ${issue.message}`),
    )
  return { version: parsed.data.version ?? '', entries: new Map(Object.entries(parsed.data.prices)) }
}
