import { encodeCursor } from '@/lib/shared/page'
import type { Scope } from '../core/scope'
import { type Narrowed, narrow } from './audit-filter'
import type { AuditFilter, AuditPage } from './contract'
import { presentEntry } from './present'
import { countUpTo, findEntries, readHead } from './store'

const EXACT_UP_TO = 10_000

export const listAudit = async (scope: Scope, filter: AuditFilter): Promise<AuditPage> => {
  const narrowed = narrow(scope, filter)
  const { limit, offset, cursor } = filter
  const rows = await findEntries(scope, cursor ? [...narrowed.conditions, 'before'] : narrowed.conditions, {
    ...narrowed.params,
    ...(cursor ? { before: cursor[0] } : {}),
    limit: limit + 1,
    offset,
  })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit
  return {
    entries: shown.map((row) => presentEntry(scope.tenantId, row)),
    ...(await totalOf(scope, narrowed)),
    has_more: hasMore,
    limit,
    offset,
    next_cursor: hasMore && last ? encodeCursor([last.seq]) : null,
  }
}

// Without a filter the head knows the number. Beyond ten thousand, what was found so far stands for the rest.
const totalOf = async (scope: Scope, { conditions, params }: Narrowed) => {
  if (conditions.length === 0) return { total: (await readHead(scope)).size, total_exact: true }
  const { count, oldest, newest } = await countUpTo(scope, conditions, params, EXACT_UP_TO + 1)
  if (count <= EXACT_UP_TO) return { total: count, total_exact: true }
  return { total: Math.round((count * newest) / (newest - oldest + 1)), total_exact: false }
}
