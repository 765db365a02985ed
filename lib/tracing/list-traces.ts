import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { encodeCursor } from '@/lib/shared/page'
import type { OpsTracePage, OpsTraceQuery, Trace, TracePage, TraceQuery, TraceSummary } from './contract'
import { findExternalFacts } from './external-facts'
import { type Narrowed, narrow, stored } from './filter'
import { maySee } from './may-see'
import { presentTrace } from './present'
import { presentSummary } from './present-summary'
import { readManyInputs } from './recorded'
import { snippetOf } from './snippet'
import { findFull } from './store'
import { findBeside, findPage, findTexts, textHits } from './store-list'
import { totalOf } from './total'
import type { TraceRow } from './trace-row'

const FULL_AT_MOST = 20
// Up to here the found texts are sorted; a word that more of them hold is met soon by going back in time.
const RARE = 20_000

type Page = { limit: number; offset: number; cursor?: readonly [string, string] | undefined }
type Found = { rows: TraceRow[]; has_more: boolean; total: number; total_exact: boolean; next_cursor: string | null }

const asFrequent = ({ shape, ...rest }: Narrowed): Narrowed => ({
  ...rest,
  shape: { driver: 'trace', conditions: [...shape.conditions, 'has_text'] },
})

type Plan = { narrowed: Narrowed; known?: { total: number; total_exact: boolean } }

const planned = async (scope: Scope, narrowed: Narrowed): Promise<Plan> => {
  const match = narrowed.params['match']
  if (narrowed.shape.driver !== 'text' || typeof match !== 'string') return { narrowed }
  if (kernel().db.dialect === 'postgresql') return { narrowed }
  const hits = await textHits(scope, match, RARE + 1)
  return hits <= RARE ? { narrowed } : { narrowed: asFrequent(narrowed), known: { total: hits, total_exact: false } }
}

const before = (narrowed: Narrowed, cursor: Page['cursor']): Narrowed =>
  cursor === undefined
    ? narrowed
    : {
        ...narrowed,
        shape: { ...narrowed.shape, conditions: [...narrowed.shape.conditions, 'before'] },
        params: { ...narrowed.params, before: stored(cursor[0]) ?? null, before_id: cursor[1].toLowerCase() },
      }

// A first page that is not full has told the number already.
const isWhole = (rows: number, { limit, offset, cursor }: Page): boolean =>
  cursor === undefined && rows <= limit && (rows > 0 || offset === 0)

export const findTraces = async (scope: Scope, asked: Narrowed, page: Page): Promise<Found> => {
  const { narrowed, known } = await planned(scope, asked)
  const { shape, params } = before(narrowed, page.cursor)
  const found = await findPage(scope, shape, { ...params, limit: page.limit + 1, offset: page.offset })
  const rows = found.slice(0, page.limit)
  const last = rows.at(-1)
  const hasMore = found.length > page.limit
  const total = isWhole(found.length, page)
    ? { total: page.offset + found.length, total_exact: true }
    : (known ?? (await totalOf(scope, narrowed)))
  return {
    rows,
    ...total,
    has_more: hasMore,
    next_cursor: hasMore && last ? encodeCursor([last.startedAt.toISOString(), last.id]) : null,
  }
}

const withSnippets = async (scope: Scope, traces: TraceSummary[], { terms }: Narrowed): Promise<TraceSummary[]> => {
  if (terms.length === 0) return traces
  const texts = await findTexts(
    scope,
    traces.map(({ id }) => id),
  )
  return traces.map((trace) => ({ ...trace, snippet: snippetOf(texts.get(trace.id) ?? '', terms) }))
}

export const summariesOf = async (scope: Scope, rows: readonly TraceRow[]): Promise<TraceSummary[]> => {
  const beside = await findBeside(scope, rows)
  const isOpen = maySee(scope)
  return rows.map((row) => presentSummary(row, beside(row.id), isOpen))
}

const fullOf = async (scope: Scope, rows: readonly TraceRow[]): Promise<Trace[]> => {
  const found = await findFull(
    scope.db,
    rows.map(({ id }) => id),
  )
  const byId = new Map(found.map((row) => [row.id, row]))
  const stored = rows.flatMap(({ id }) => byId.get(id) ?? [])
  const inputs = await readManyInputs(
    scope,
    stored.map(({ content }) => content?.inputs),
  )
  const shown = { checkedAt: scope.clock.now(), isOpen: maySee(scope) }
  const factsOf = await findExternalFacts(scope, stored, shown.isOpen)
  return stored.map((row, at) => presentTrace({ row, inputs: inputs[at] ?? {}, external: factsOf(row), ...shown }))
}

const keysOf = ({ rows: _, ...page }: Found, { limit, offset }: Page) => ({ ...page, limit, offset })

export const listTraces = async (scope: Scope, query: TraceQuery): Promise<TracePage> => {
  const narrowed = narrow(scope, query)
  const page = query.view === 'full' ? { ...query, limit: Math.min(query.limit, FULL_AT_MOST) } : query
  const found = await findTraces(scope, narrowed, page)
  const traces =
    query.view === 'full'
      ? await fullOf(scope, found.rows)
      : await withSnippets(scope, await summariesOf(scope, found.rows), narrowed)
  return { traces, ...keysOf(found, page) }
}

// Who searches sees pieces of texts: one row for the search, with the traces that it showed.
const noteSearch = async (scope: Scope, narrowed: Narrowed, rows: readonly TraceRow[]): Promise<void> => {
  if (narrowed.terms.length === 0) return
  const data = { by: 'search', traces: rows.map(({ id }) => id) }
  await scope.command({ audit: [{ event: 'trace_revealed', data }] })
}

export const listTracesForOps = async (scope: Scope, query: OpsTraceQuery): Promise<OpsTracePage> => {
  const narrowed = narrow(scope, query)
  const found = await findTraces(scope, narrowed, query)
  await noteSearch(scope, narrowed, found.rows)
  const traces = await withSnippets(scope, await summariesOf(scope, found.rows), narrowed)
  return { traces, ...keysOf(found, query), filtered: found.total, withheld: !maySee(scope) }
}
