import type { Scope } from '@/lib/core/scope'
import type { SpanDetail, SpanRow } from './contract/spans'
import { NO_DETAIL, spanIdOf } from './span-of-run'
import { missingParents } from './sql-read-spans'

type Row = Readonly<Record<string, unknown>>

// All that are left alone name one parent: it is the root. Otherwise the root has the name of the trace.
const rootIdOf = async (scope: Scope, trace: string): Promise<string> => {
  const parents = await scope.rows(missingParents, { trace })
  const [only] = parents
  return parents.length === 1 && typeof only?.['parentSpanId'] === 'string' ? only['parentSpanId'] : spanIdOf(trace)
}

export const syntheticRoot = async (scope: Scope, trace: string, about: Row): Promise<SpanRow | null> => {
  if (Number(about['total']) === 0 || Number(about['isRootless']) === 0) return null
  return {
    id: await rootIdOf(scope, trace),
    parent_id: null,
    name: 'trace',
    kind: 'workflow',
    start_ns: String(about['startNs']),
    end_ns: String(about['endNs']),
    status: Number(about['hasFailed']) === 1 ? 'error' : 'unset',
    provider: null,
    model: null,
    tool_name: null,
    tokens: null,
    cost_micro_usd: null,
    is_counting: false,
    flags: ['root_missing'],
    is_synthetic: true,
  }
}

export const detailOfRoot = (root: SpanRow): SpanDetail => ({ ...NO_DETAIL, ...root, dialect: 'none' })
