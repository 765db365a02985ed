import { seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { type BesideAudit, exportBundle } from '@/lib/governance'
import { traceLines } from '@/lib/tracing'
import type { TraceFilter } from '@/lib/tracing/contract'
import { presentWithKeys } from './present'
import { findAdapters, findKeys } from './store'

type Wanted = {
  workspace_id?: string | undefined
  trace_id?: string | undefined
  start_date?: string | undefined
  end_date?: string | undefined
}

const AT_ONCE = 500

async function* adapterText(scope: Scope): AsyncGenerator<string> {
  yield '['
  for (let skip = 0; ; skip += AT_ONCE) {
    const rows = await findAdapters(scope.db, { take: AT_ONCE, skip })
    const keys = await findKeys(
      scope.db,
      rows.map(({ id }) => id),
    )
    const texts = rows.map((row) => JSON.stringify(presentWithKeys(row, keys)))
    if (texts.length > 0) yield `${skip === 0 ? '' : ','}\n${texts.join(',\n')}`
    if (rows.length < AT_ONCE) break
  }
  yield '\n]\n'
}

const given = (wanted: Wanted): Partial<TraceFilter> =>
  Object.fromEntries(Object.entries(wanted).filter(([name, value]) => name !== 'tenant_id' && value !== undefined))

/** The log with its proofs, the traces as the reader may see them, and the agents with the keys they sign with. */
export const exportEvidence = async (scope: Scope, wanted: Wanted): Promise<Response> => {
  const beside: BesideAudit[] = [
    { name: 'traces.jsonl', chunks: traceLines(scope, given(wanted)) },
    { name: 'adapters.json', chunks: adapterText(scope) },
  ]
  if (seesTexts(scope) && scope.identity.plane === 'ops')
    await scope.command({
      audit: [{ event: 'trace_revealed', data: { by: 'export', filters: Object.keys(given(wanted)) } }],
    })
  return exportBundle(scope, wanted, beside)
}
