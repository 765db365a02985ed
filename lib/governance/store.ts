import type { NodeRef } from '../core/audit/tree'
import type { Scope } from '../core/scope'
import type { Params } from '../core/statement'
import type { ChainRow } from './audit-checker'
import * as sql from './sql'

type Reading = Pick<Scope, 'rows'>
type Raw = Record<string, unknown>

export type EntryRow = Pick<
  ChainRow,
  'seq' | 'eventType' | 'actor' | 'userId' | 'workspaceId' | 'traceId' | 'createdAt' | 'eventHash'
> & { entityId: string | null; requestId: string | null; data: string | null; erasedAt: string | null }

export type Head = {
  size: number
  headHash: string | null
  rootHash: string | null
  frontier: readonly string[]
  lastSeq: number
}
export type CheckpointRow = {
  size: number
  rootHash: string
  headHash: string
  note: string
  keyId: string
  createdAt: string
}
export type PayloadRow = {
  seq: number
  entityId: string | null
  requestId: string | null
  salt: string | null
  data: string | null
  erasedAt: string | null
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

// SQLite gives ISO text, PostgreSQL a Date; both mean the same UTC milliseconds.
const isoOrNull = (value: unknown): string | null =>
  value instanceof Date ? value.toISOString() : typeof value === 'string' ? value.replace('+00:00', 'Z') : null

const iso = (value: unknown): string => isoOrNull(value) ?? ''

const entryRow = (row: Raw): EntryRow => ({
  seq: Number(row['seq']),
  eventType: String(row['eventType']),
  actor: String(row['actor']),
  userId: textOrNull(row['userId']),
  workspaceId: textOrNull(row['workspaceId']),
  traceId: textOrNull(row['traceId']),
  entityId: textOrNull(row['entityId']),
  requestId: textOrNull(row['requestId']),
  createdAt: iso(row['createdAt']),
  eventHash: String(row['eventHash']),
  data: textOrNull(row['data']),
  erasedAt: isoOrNull(row['erasedAt']),
})

const chainRow = (row: Raw): ChainRow => ({
  seq: Number(row['seq']),
  eventType: row['eventType'] as string,
  actor: row['actor'] as string,
  userId: row['userId'] as string | null,
  workspaceId: row['workspaceId'] as string | null,
  traceId: row['traceId'] as string | null,
  createdAt: iso(row['createdAt']),
  hashVersion: Number(row['hashVersion']),
  prevEventHash: row['prevEventHash'] as string | null,
  eventHash: row['eventHash'] as string,
  leafHash: row['leafHash'] as string,
  canonical: row['canonical'] as string,
})

const payloadRow = (row: Raw): PayloadRow => ({
  seq: Number(row['seq']),
  entityId: textOrNull(row['entityId']),
  requestId: textOrNull(row['requestId']),
  salt: textOrNull(row['salt']),
  data: textOrNull(row['data']),
  erasedAt: isoOrNull(row['erasedAt']),
})

const checkpointRow = (row: Raw): CheckpointRow => ({
  size: Number(row['size']),
  rootHash: String(row['rootHash']),
  headHash: String(row['headHash']),
  note: String(row['note']),
  keyId: String(row['keyId']),
  createdAt: iso(row['createdAt']),
})

export const findEntries = async (scope: Reading, conditions: readonly sql.Condition[], params: Params) =>
  (await scope.rows(sql.listEntries(conditions), params)).map(entryRow)

export const countUpTo = async (
  scope: Reading,
  conditions: readonly sql.Condition[],
  params: Params,
  most: number,
): Promise<{ count: number; oldest: number; newest: number }> => {
  const [row] = await scope.rows(sql.countEntries(conditions), { ...params, most })
  return { count: Number(row?.['n'] ?? 0), oldest: Number(row?.['oldest'] ?? 0), newest: Number(row?.['newest'] ?? 0) }
}

export const countsByType = async (scope: Reading, conditions: readonly sql.Condition[], params: Params) =>
  (await scope.rows(sql.countByType(conditions), params)).map((row): [string, number] => [
    String(row['type']),
    Number(row['n']),
  ])

export const countsByHour = async (scope: Reading, start: string) =>
  (await scope.rows(sql.countByHour, { start })).map((row) => ({
    hour: `${String(row['hour'])}:00:00.000Z`,
    count: Number(row['n']),
  }))

export const timeSpan = async (scope: Reading, conditions: readonly sql.Condition[], params: Params) => {
  const [row] = await scope.rows(sql.timeSpan(conditions), params)
  return { oldest: isoOrNull(row?.['oldest']), newest: isoOrNull(row?.['newest']) }
}

export const seqSpan = async (scope: Reading, conditions: readonly sql.Condition[], params: Params) => {
  const [row] = await scope.rows(sql.seqSpan(conditions), params)
  return row?.['first'] == null ? null : { first: Number(row['first']), last: Number(row['last']) }
}

export const findEntry = async (scope: Reading, seq: number) => {
  const [row] = await scope.rows(sql.oneEntry, { seq })
  return row ? { ...chainRow(row), ...entryRow(row) } : null
}

export const readHead = async (scope: Reading): Promise<Head> => {
  const [row] = await scope.rows(sql.headAndLast)
  const frontier = textOrNull(row?.['frontier']) ?? ''
  return {
    size: Number(row?.['size'] ?? 0),
    headHash: textOrNull(row?.['headHash']),
    rootHash: textOrNull(row?.['rootHash']),
    frontier: frontier === '' ? [] : frontier.split(','),
    lastSeq: Number(row?.['lastSeq'] ?? 0),
  }
}

export const readChain = async (scope: Reading, after: number, upto: number, limit: number): Promise<ChainRow[]> =>
  (await scope.rows(sql.chainRows, { after, upto, limit })).map(chainRow)

export const readPayloads = async (scope: Reading, after: number, upto: number, limit: number): Promise<PayloadRow[]> =>
  (await scope.rows(sql.payloadRows, { after, upto, limit })).map(payloadRow)

export const readForExport = async (scope: Reading, after: number, upto: number, limit: number) =>
  (await scope.rows(sql.exportRows, { after, upto, limit })).map((row) => ({
    ...chainRow(row),
    ...entryRow(row),
    salt: textOrNull(row['salt']),
  }))

export const keyOf = ({ level, index }: NodeRef): string => `${level}/${index}`

const byKey = (rows: readonly Raw[]): Map<string, string> =>
  new Map(rows.map((row) => [keyOf({ level: Number(row['level']), index: Number(row['index']) }), String(row['hash'])]))

export const readNodeRanges = async (scope: Reading, ranges: readonly (readonly number[])[]) =>
  new Map(
    (await scope.rows(sql.nodeRanges, { ranges: JSON.stringify(ranges) })).map((row): [number, string] => [
      Number(row['level']),
      textOrNull(row['hashes']) ?? '',
    ]),
  )

export const readNodes = async (scope: Reading, refs: readonly NodeRef[]) =>
  byKey(await scope.rows(sql.nodePoints, { refs: JSON.stringify(refs.map(({ level, index }) => [level, index])) }))

export const checkpointsFrom = async (scope: Reading, from: number, limit: number): Promise<CheckpointRow[]> =>
  (await scope.rows(sql.checkpointRows, { from, limit })).map(checkpointRow)

export const newestCheckpoint = async (scope: Reading): Promise<CheckpointRow | null> => {
  const [row] = await scope.rows(sql.lastCheckpoint)
  return row ? checkpointRow(row) : null
}

export const recordedErasures = async (scope: Reading, entities: readonly string[]): Promise<Set<string>> =>
  new Set(
    (await scope.rows(sql.erasureRecords, { entities: JSON.stringify(entities) })).map((r) => String(r['entityId'])),
  )
