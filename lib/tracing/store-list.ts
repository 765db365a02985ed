import { LRUCache } from 'lru-cache'
import { dateOf } from '@/lib/core/clock'
import type { Row } from '@/lib/core/db'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { Params } from '@/lib/core/statement'
import type { Beside } from './present-summary'
import type { Shape } from './sql-filter'
import * as sql from './sql-list'
import type { TraceRow } from './trace-row'

type Reading = Pick<Scope, 'rows' | 'tenantId'>

// SQLite gives ISO text, PostgreSQL a Date.
export const dateIn = (value: unknown): Date => (value instanceof Date ? value : dateOf(String(value)))

const asNumber = (value: unknown): number => Number(value)
const asFlag = (value: unknown): boolean => Boolean(Number(value))
const asMoney = (value: unknown): bigint => BigInt(value as number)

const as = <T>(read: (value: unknown) => T, ...names: readonly string[]) => names.map((name) => [name, read] as const)

// Only what the databases give in different ways is read anew.
const READ = [
  ...as(asNumber, 'inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'),
  ...as(asNumber, 'stepCount', 'spanCount', 'errorCount', 'toolCallCount', 'durationMs', 'riskScore'),
  ...as(dateIn, 'startedAt', 'completedAt'),
  ...as(asFlag, 'usageEstimated', 'suppressed'),
  ...as(asMoney, 'costMicroUsd'),
]

// COLUMNS names every column of a TraceRow; the row is fresh from the database and nobody else's.
const traceRow = (row: Row): TraceRow => {
  for (const [name, read] of READ) if (row[name] !== null) row[name] = read(row[name])
  return row as unknown as TraceRow
}

export const findPage = async (scope: Reading, shape: Shape, params: Params): Promise<TraceRow[]> =>
  (await scope.rows(sql.pageOf(shape), params)).map(traceRow)

export const countUpTo = async (scope: Reading, shape: Shape, params: Params, most: number): Promise<number> => {
  const [row] = await scope.rows(sql.countOf(shape), { ...params, most })
  return Number(row?.['n'] ?? 0)
}

export const startAt = async (scope: Reading, shape: Shape, params: Params, offset: number): Promise<Date | null> => {
  const [row] = await scope.rows(sql.startOf(shape), { ...params, offset })
  return row ? dateIn(row['at']) : null
}

export const oldestStart = async (scope: Reading): Promise<Date | null> => {
  const [row] = await scope.rows(sql.oldestTrace)
  return row ? dateIn(row['at']) : null
}

export const textHits = async (scope: Reading, match: string, most: number): Promise<number> => {
  const [row] = await scope.rows(sql.textHits, { match, most })
  return Number(row?.['n'] ?? 0)
}

const byTrace = (rows: readonly Row[]): Map<string, Record<string, string>> => {
  const all = new Map<string, Record<string, string>>()
  for (const row of rows) {
    const id = String(row['traceId'])
    const map = all.get(id) ?? {}
    map[String(row['key'])] = String(row['value'])
    all.set(id, map)
  }
  return all
}

const factorsIn = (value: unknown): string[] => {
  if (typeof value !== 'string') return []
  const factors: unknown = JSON.parse(value)
  if (typeof factors !== 'object' || factors === null) return []
  return Object.entries(factors).flatMap(([name, score]) => (Number(score) > 0 ? [name] : []))
}

const NOTHING_BESIDE: Beside = { labels: {}, annotations: {}, factors: [] }

// What stands beside the rows of a page: one reading for each kind, however many rows there are.
export const findBeside = async (
  scope: Reading,
  rows: readonly { id: string; riskLevel: string | null }[],
): Promise<(id: string) => Beside> => {
  if (rows.length === 0) return () => NOTHING_BESIDE
  const ids = JSON.stringify(rows.map(({ id }) => id))
  const judged = rows.filter(({ riskLevel }) => riskLevel !== null).map(({ id }) => id)
  const [labels, annotations, factors] = await Promise.all([
    scope.rows(sql.labelsOf, { ids }).then(byTrace),
    scope.rows(sql.newestAnnotationsOf, { ids }).then(byTrace),
    judged.length === 0 ? [] : scope.rows(sql.riskFactorsOf, { ids: JSON.stringify(judged) }),
  ])
  const factorsOf = new Map(factors.map((row) => [String(row['traceId']), factorsIn(row['factors'])]))
  return (id) => ({
    labels: labels.get(id) ?? {},
    annotations: annotations.get(id) ?? {},
    factors: factorsOf.get(id) ?? [],
  })
}

export const findTexts = async (scope: Reading, ids: readonly string[]): Promise<Map<string, string>> => {
  const rows = ids.length === 0 ? [] : await scope.rows(sql.textsOf, { ids: JSON.stringify(ids) })
  return new Map(rows.map((row) => [String(row['traceId']), String(row['text'])]))
}

const ESTIMATES = { max: 2_000, ttl: 30_000 }

export type Total = { total: number; total_exact: boolean }

// An estimate stays good enough for a while.
export const estimates = () => kernel().slot('tracing.estimates', () => new LRUCache<string, Total>(ESTIMATES))

export type Contents = { input: string | null; output: string | null }

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export const findContents = async (scope: Reading, ids: readonly string[]): Promise<Map<string, Contents>> => {
  const rows = ids.length === 0 ? [] : await scope.rows(sql.contentsOf, { ids: JSON.stringify(ids) })
  return new Map(
    rows.map((row) => [String(row['traceId']), { input: textOrNull(row['input']), output: textOrNull(row['output']) }]),
  )
}
