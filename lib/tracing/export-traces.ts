import type { Scope } from '@/lib/core/scope'
import type { ExportQuery, TraceFilter } from './contract'
import { csvLine, EXPORT_COLUMNS, jsonLine, lineOf, OPEN_COLUMNS } from './export-lines'
import { type Narrowed, narrow, stored } from './filter'
import { summariesOf } from './list-traces'
import { maySee } from './may-see'
import { findContents, findPage } from './store-list'
import type { TraceRow } from './trace-row'

const AT_ONCE = 500

type Position = { at: string; id: string } | null

const pageAfter = (scope: Scope, { shape, params }: Narrowed, after: Position): Promise<TraceRow[]> =>
  after === null
    ? findPage(scope, shape, { ...params, limit: AT_ONCE, offset: 0 })
    : findPage(
        scope,
        { ...shape, conditions: [...shape.conditions, 'before'] },
        { ...params, before: stored(after.at) ?? null, before_id: after.id, limit: AT_ONCE, offset: 0 },
      )

const linesOf = async (scope: Scope, rows: readonly TraceRow[]) => {
  const summaries = await summariesOf(scope, rows)
  if (!maySee(scope)) return summaries.map(lineOf)
  const contents = await findContents(
    scope,
    rows.map(({ id }) => id),
  )
  return summaries.map((trace) => ({ ...lineOf(trace), ...contents.get(trace.id) }))
}

// Read page by page as the reader takes it: nothing is held but one page.
async function* linesIn(scope: Scope, narrowed: Narrowed, format: ExportQuery['format']): AsyncGenerator<string> {
  const columns = [...EXPORT_COLUMNS, ...(maySee(scope) ? OPEN_COLUMNS : [])]
  if (format === 'csv') yield `${columns.join(',')}\r\n`
  const write = format === 'csv' ? csvLine : jsonLine
  for (let after: Position = null; ; ) {
    const rows = await pageAfter(scope, narrowed, after)
    if (rows.length > 0) yield (await linesOf(scope, rows)).map((line) => write(columns, line)).join('')
    const last = rows.at(-1)
    if (last === undefined || rows.length < AT_ONCE || scope.signal.aborted) return
    after = { at: last.startedAt.toISOString(), id: last.id }
  }
}

/** The same lines for another file, as the reader may see them; whoever writes that file says so in the log. */
export const traceLines = (scope: Scope, filter: Partial<TraceFilter>): AsyncGenerator<string> =>
  linesIn(scope, narrow(scope, filter), 'jsonl')

const streamed = (lines: AsyncGenerator<string>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await lines.return(undefined)),
  })
}

const TYPES = { csv: 'text/csv; charset=utf-8; header=present', jsonl: 'application/x-ndjson; charset=utf-8' } as const

/** Everything that a filter finds, as a file; the row in the audit log stands before the first byte leaves. */
export const exportTraces = async (scope: Scope, { format, ...filter }: ExportQuery): Promise<Response> => {
  const narrowed = narrow(scope, filter)
  const isOpen = maySee(scope)
  const { shape } = narrowed
  const data = { kind: 'traces', format, filters: [...shape.conditions], with_texts: isOpen }
  const reveal = { event: 'trace_revealed', data: { by: 'export', filters: [...shape.conditions] } } as const
  const isRevealed = isOpen && scope.identity.plane === 'ops'
  await scope.command({ audit: [{ event: 'export_created', data }, ...(isRevealed ? [reveal] : [])] })
  const day = scope.clock.now().toISOString().slice(0, 10)
  const name = `clasper-traces-${scope.tenantId.replace(/[^A-Za-z0-9._-]/g, '_')}-${day}.${format}`
  return new Response(streamed(linesIn(scope, narrowed, format)), {
    headers: { 'content-type': TYPES[format], 'content-disposition': `attachment; filename="${name}"` },
  })
}
