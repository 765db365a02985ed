import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { encodeCursor } from '@/lib/shared/page'
import { missing } from '@/lib/shared/problem'
import type { SpanDetail, SpanFilter, SpanPage, SpanRow } from './contract/spans'
import { keepsSteps } from './integrity'
import { maySee } from './may-see'
import { listOf, offeredIn, parse } from './present'
import { readInputs } from './recorded'
import { bareRow } from './span-names'
import { chargesOf, spansOfRun } from './span-of-run'
import { listedOf, presentRow } from './span-present'
import { syntheticRoot } from './span-root'
import { aboutSpans, knownTools, pageOfSpans } from './sql-read-spans'
import { findTrace, type StoredTrace } from './store'

const PLACE = { id: true, origin: true, workspaceId: true, userId: true } as const

export const findPlace = async (scope: Scope, id: string) => {
  const found = await scope.db.trace.findUnique({
    where: { tenantId_id: { tenantId: scope.tenantId, id: id.toLowerCase() } },
    select: PLACE,
  })
  return found !== null && isInReach(scope, found) ? found : missing('trace')
}

export type RunSpans = { spans: SpanDetail[]; known: ReadonlySet<string> }

const aliasesIn = (row: StoredTrace, offered: ReadonlySet<string>): string[] =>
  listOf(parse(row.content?.outcome)['tool_calls'])
    .filter((call) => offered.has(String(call['alias'])))
    .map((call) => String(call['name']))

export const readRun = async (scope: Scope, id: string): Promise<RunSpans> => {
  const row = (await findTrace(scope.db, id)) ?? missing('trace')
  const inputs = await readInputs(scope, row.content?.inputs)
  const offered = offeredIn(inputs)
  return {
    spans: spansOfRun(row, inputs, await chargesOf(scope, id)),
    known: new Set([...offered, ...aliasesIn(row, offered)]),
  }
}

const namesIn = (value: unknown): string[] => (typeof value === 'string' ? (JSON.parse(value) as string[]) : [])

export const readKnown = async (scope: Scope, trace: string): Promise<ReadonlySet<string>> => {
  const rows = await scope.rows(knownTools, { trace })
  return new Set(
    rows.flatMap((row) => [...(typeof row['tool'] === 'string' ? [row['tool']] : []), ...namesIn(row['offered'])]),
  )
}

type Cursor = SpanFilter['cursor']

// Before everything: no span begins before 1970.
const START = ['-1', '0'.repeat(16)] as const

const isBehind = (row: SpanRow, [start, id]: readonly [string, string]): boolean => {
  const own = BigInt(row.start_ns)
  return own > BigInt(start) || (own === BigInt(start) && row.id > id)
}

const cursorOf = (last: SpanRow | undefined, hasMore: boolean): string | null =>
  hasMore && last !== undefined ? encodeCursor([last.start_ns, last.id]) : null

const pageOfRun = async (scope: Scope, id: string, { limit, cursor }: SpanFilter): Promise<SpanPage> => {
  const { spans, known } = await readRun(scope, id)
  const left = cursor === undefined ? spans : spans.filter((span) => isBehind(span, cursor))
  const shown = left.slice(0, limit).map((span) => rowIn(span))
  const open = maySee(scope)
  return {
    spans: open ? shown : shown.map((row) => bareRow(row, known)),
    total: spans.length,
    next_cursor: cursorOf(shown.at(-1), left.length > limit),
  }
}

const rowIn = (span: SpanDetail): SpanRow => ({
  id: span.id,
  parent_id: span.parent_id,
  name: span.name,
  kind: span.kind,
  start_ns: span.start_ns,
  end_ns: span.end_ns,
  status: span.status,
  provider: span.provider,
  model: span.model,
  tool_name: span.tool_name,
  tokens: span.tokens,
  cost_micro_usd: span.cost_micro_usd,
  is_counting: span.is_counting,
  flags: span.flags,
  is_synthetic: span.is_synthetic,
})

const storedPage = async (scope: Scope, trace: string, cursor: Cursor, limit: number): Promise<SpanRow[]> => {
  const [start, after] = cursor ?? START
  return (await scope.rows(pageOfSpans, { trace, start, after, limit })).map((row) => presentRow(listedOf(row)))
}

// A root that never came stands before the first span, so that a trace is whole on its first page.
const pageOfStored = async (scope: Scope, trace: string, { limit, cursor }: SpanFilter): Promise<SpanPage> => {
  const about = (await scope.rows(aboutSpans, { trace }))[0] ?? {}
  const root = await syntheticRoot(scope, trace, about)
  const total = Number(about['total']) + (root === null ? 0 : 1)
  const isFirst = cursor === undefined
  const room = isFirst && root !== null ? limit - 1 : limit
  const rows = await storedPage(scope, trace, cursor, room + 1)
  const shown = [...(isFirst && root !== null ? [root] : []), ...rows.slice(0, room)]
  const known = maySee(scope) ? null : await readKnown(scope, trace)
  const last = rows.slice(0, room).at(-1)
  return {
    spans: known === null ? shown : shown.map((row) => bareRow(row, known)),
    total,
    next_cursor: rows.length <= room ? null : encodeCursor(last === undefined ? START : [last.start_ns, last.id]),
  }
}

export const listSpans = async (scope: Scope, id: string, filter: SpanFilter): Promise<SpanPage> => {
  const place = await findPlace(scope, id)
  return keepsSteps(place.origin) ? pageOfRun(scope, place.id, filter) : pageOfStored(scope, place.id, filter)
}
