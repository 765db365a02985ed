import type { Dialect, ReadStatement } from '@/lib/core/statement'
import { both, type Condition, type Shape, sourceOf } from './sql-filter'

// The columns of a trace that its sums are kept by, with the condition that each answers.
export const DIMENSIONS = {
  status: 'status',
  model: 'model',
  provider: 'provider',
  role: 'agentRole',
  workspace: 'workspaceId',
  environment: 'environment',
  origin: 'origin',
  risk: 'riskLevel',
} as const

export type Dimension = keyof typeof DIMENSIONS

const isDimension = (name: Condition): name is Extract<Condition, Dimension> => Object.hasOwn(DIMENSIONS, name)

const SUMS = {
  traces: 'traces',
  steps: 'steps',
  toolCalls: 'toolCalls',
  errors: 'errors',
  inputTokens: 'inputTokens',
  outputTokens: 'outputTokens',
  cacheReadTokens: 'cacheReadTokens',
  cacheWriteTokens: 'cacheWriteTokens',
  reasoningTokens: 'reasoningTokens',
  costMicroUsd: 'costMicroUsd',
  durationMs: 'durationMs',
} as const

export type Sum = keyof typeof SUMS
export const SUM_NAMES = Object.keys(SUMS) as readonly Sum[]

const OF_TRACE: Readonly<Record<Sum, string>> = {
  traces: '1',
  steps: 't."stepCount"',
  toolCalls: 't."toolCallCount"',
  errors: `CASE WHEN t."status" IN ('error', 'timeout') THEN 1 ELSE 0 END`,
  inputTokens: 't."inputTokens"',
  outputTokens: 't."outputTokens"',
  cacheReadTokens: 't."cacheReadTokens"',
  cacheWriteTokens: 't."cacheWriteTokens"',
  reasoningTokens: 't."reasoningTokens"',
  costMicroUsd: 't."costMicroUsd"',
  durationMs: 'COALESCE(t."durationMs", 0)',
}

const HOUR = {
  start: {
    sqlite: 't."hour" >= :start_hour',
    postgresql: `t."hour" >= (CAST(:start_hour AS timestamptz) AT TIME ZONE 'UTC')`,
  },
  end: {
    sqlite: 't."hour" < :end_hour',
    postgresql: `t."hour" < (CAST(:end_hour AS timestamptz) AT TIME ZONE 'UTC')`,
  },
} as const

const AMONG = {
  sqlite: '+t."workspaceId" IN (SELECT value FROM json_each(:workspaces))',
  postgresql: 't."workspaceId" = ANY(ARRAY(SELECT json_array_elements_text(CAST(:workspaces AS json))))',
}

const rollupCondition = (name: Condition, dialect: Dialect): string => {
  if (name === 'start' || name === 'end') return HOUR[name][dialect]
  if (name === 'workspaces') return AMONG[dialect]
  if (isDimension(name)) return `t."${DIMENSIONS[name]}" = :${name}`
  throw new Error(`${name} is not kept in sums`)
}

export const isKept = (name: Condition): boolean =>
  name === 'start' || name === 'end' || name === 'workspaces' || isDimension(name)

// What is grouped by: hours (or days) and durations are numbers of their own.
export type By = Dimension | 'hour' | 'day' | 'bucket'

const IN_TIME = { hour: 13, day: 10 } as const
const PG_TIME = { hour: 'YYYY-MM-DD"T"HH24', day: 'YYYY-MM-DD' } as const

const timeKey = (column: string, by: 'hour' | 'day', dialect: Dialect): string =>
  dialect === 'sqlite' ? `substr(${column}, 1, ${IN_TIME[by]})` : `to_char(${column}, '${PG_TIME[by]}')`

const keyOf = (by: By, at: string, dialect: Dialect): string => {
  if (by === 'bucket') return 't."durationBucket"'
  if (by === 'hour' || by === 'day') return timeKey(at, by, dialect)
  return `COALESCE(t."${DIMENSIONS[by]}", '')`
}

const wholeNumber = (sum: string, dialect: Dialect): string =>
  dialect === 'sqlite' ? `SUM(${sum})` : `CAST(SUM(${sum}) AS bigint)`

const grouped = (keys: readonly By[], sums: string, at: string, source: string, dialect: Dialect): string => {
  const names = keys.map((by) => `${keyOf(by, at, dialect)} AS "${by}"`)
  const places = keys.map((_, place) => place + 1).join(', ')
  return `SELECT ${[...names, sums].join(', ')} FROM ${source}${keys.length === 0 ? '' : ` GROUP BY ${places}`}`
}

/** Sums of whole hours, as they were kept when the traces ended. */
export const rollupSums = (conditions: readonly Condition[], keys: readonly By[]): ReadStatement =>
  both((dialect) => {
    const where = ['t."tenantId" = :tenant', ...conditions.map((name) => rollupCondition(name, dialect))]
    const sums = SUM_NAMES.map((name) => `${wholeNumber(`t."${name}"`, dialect)} AS "${name}"`).join(', ')
    return grouped(keys, sums, 't."hour"', `"TraceRollup" t WHERE ${where.join(' AND ')}`, dialect)
  })

/** The same of the traces themselves: for the part of an hour at either end. */
export const traceSums = (shape: Shape, keys: readonly By[]): ReadStatement =>
  both((dialect) => {
    const sums = SUM_NAMES.map((name) => `${wholeNumber(OF_TRACE[name], dialect)} AS "${name}"`).join(', ')
    return grouped(keys, sums, 't."startedAt"', sourceOf(shape, dialect), dialect)
  })
