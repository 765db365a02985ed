import type { Row } from '@/lib/core/db'
import type { Scope } from '@/lib/core/scope'
import { usdOf } from '@/lib/shared/money'
import { encodeCursor } from '@/lib/shared/page'
import type { SessionPage, SessionQuery, TraceSession } from './contract'
import { narrow, stored } from './filter'
import type { Condition } from './sql-filter'
import { isOfSession, newestRuns, sessionSums } from './sql-sessions'
import { dateIn } from './store-list'

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const present = (last: Row, sums: Row | undefined): TraceSession => {
  const started = dateIn(last['startedAt']).toISOString()
  const cost = Number(sums?.['cost'] ?? 0)
  return {
    session_key: String(last['sessionKey']),
    user_id: textOrNull(last['userId']),
    agent_role: textOrNull(last['agentRole']),
    workspace_id: String(last['workspaceId']),
    runs: Number(sums?.['runs'] ?? 1),
    errors: Number(sums?.['errors'] ?? 0),
    first_started_at: sums ? dateIn(sums['first']).toISOString() : started,
    last_started_at: started,
    last_status: String(last['status']) as TraceSession['last_status'],
    last_trace_id: String(last['id']),
    last_model: String(last['model']),
    total_tokens: Number(sums?.['tokens'] ?? 0),
    total_cost: usdOf(cost),
    total_cost_micro_usd: cost,
    duration_ms: Number(sums?.['ms'] ?? 0),
  }
}

/** Runs that belong together, the session that ran last first; what each has cost so far is summed over all its runs. */
export const listSessions = async (scope: Scope, query: SessionQuery): Promise<SessionPage> => {
  const { limit, cursor, ...filter } = query
  const { shape, params } = narrow(scope, filter)
  const own = shape.conditions.filter(isOfSession)
  const others: Condition[] = shape.conditions.filter((name) => !isOfSession(name))
  const paged = cursor ? { before: stored(cursor[0]) ?? null, before_id: cursor[1].toLowerCase() } : {}
  const statement = newestRuns(own, cursor ? [...others, 'before'] : others)
  const found = await scope.rows(statement, { ...params, ...paged, limit: limit + 1 })
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  const hasMore = found.length > limit
  const keys = JSON.stringify(rows.map((row) => row['sessionKey']))
  const sums = rows.length === 0 ? [] : await scope.rows(sessionSums(own), { ...params, keys })
  const bySession = new Map(sums.map((row) => [String(row['sessionKey']), row]))
  return {
    sessions: rows.map((row) => present(row, bySession.get(String(row['sessionKey'])))),
    has_more: hasMore,
    limit,
    next_cursor: hasMore && last ? encodeCursor([dateIn(last['startedAt']).toISOString(), String(last['id'])]) : null,
  }
}
