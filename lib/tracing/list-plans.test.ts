import { beforeAll, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import type { Dialect } from '@/lib/core/migrate/schema-source'
import { targetOf } from '@/lib/core/migrate/target'
import { openSqlite } from '@/lib/core/sqlite/open'
import { namedFor, type Params, type ReadStatement } from '@/lib/core/statement'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import { rawQuery } from '@/lib/core/testing/raw-query'
import { OpsTraceQuery, type TraceFilter } from './contract'
import { narrow } from './filter'
import { listTracesForOps } from './index'
import { countOf, oldestTrace, pageOf } from './sql-list'
import { isOfSession, newestRuns, sessionSums } from './sql-sessions'
import { rollupSums } from './sql-stats'

const COUNT = 20_000
const DAY = '2026-03-01T00:00:00.000Z'

const SERIES = {
  sqlite: `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${COUNT}) SELECT n FROM s`,
  postgresql: `SELECT n FROM generate_series(1, ${COUNT}) AS g(n)`,
}
const AT = {
  sqlite: `strftime('%Y-%m-%dT%H:%M:%S.000+00:00', '2026-01-01', '+' || (n * 60) || ' seconds')`,
  postgresql: `timestamp '2026-01-01' + n * interval '60 seconds'`,
}

// Twenty thousand traces of a year, of many kinds.
const fill = async (dialect: Dialect, tenant: string) => {
  const at = AT[dialect]
  const no = dialect === 'sqlite' ? '0' : 'false'
  const text = (sql: string) => `'${tenant}-' || ${sql}`
  const { url } = kernel().db
  await rawQuery(
    url,
    `INSERT INTO "Trace" ("tenantId", "id", "executionId", "workspaceId", "environment", "kind", "actor", "userId",
       "agentRole", "sessionKey", "status", "startedAt", "leaseUntil", "durationMs", "workspaceHash", "promptSource",
       "provider", "model", "riskLevel", "taskId", "messageId", "documentId", "replayOf", "usageEstimated", "suppressed")
     SELECT '${tenant}', ${text('n')}, ${text('n')}, 'w' || (n % 5), 'e' || (n % 3), 'send', 'a', 'u' || (n % 97),
       'r' || (n % 11), 's' || (n % 500), CASE n % 9 WHEN 0 THEN 'error' ELSE 'success' END, ${at}, ${at}, n % 1000,
       'h' || (n % 13), 'workspace', 'p' || (n % 4), 'm' || (n % 7), 'l' || (n % 4), 't' || n, 'x' || n, 'd' || n,
       NULL, ${no}, ${no} FROM (${SERIES[dialect]}) AS q`,
  )
  await rawQuery(
    url,
    `INSERT INTO "TraceLabel" ("tenantId", "traceId", "key", "value", "startedAt")
     SELECT '${tenant}', ${text('n')}, 'k' || (n % 3), 'v' || (n % 5), ${at} FROM (${SERIES[dialect]}) AS q`,
  )
  await rawQuery(
    url,
    `INSERT INTO "TraceText" ("tenantId", "traceId", "text")
     SELECT '${tenant}', ${text('n')}, 'common word' || n FROM (${SERIES[dialect]}) AS q`,
  )
  if (dialect === 'postgresql') await rawQuery(url, 'ANALYZE')
}

// On a connection of its own: an explanation leaves a SQLite connection at the moment that it saw.
const sqlitePlan = (statement: ReadStatement, params: Params): string => {
  const target = targetOf(kernel().db.url)
  const db = openSqlite(target.dialect === 'sqlite' ? target.path : '', { mode: 'read' })
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${statement.sqlite}`).all(namedFor(statement, params))
  db.close()
  return rows.map((row) => String((row as { detail: unknown }).detail)).join('\n')
}

const planOf = async (dialect: Dialect, statement: ReadStatement, params: Params): Promise<string> => {
  if (dialect === 'sqlite') return sqlitePlan(statement, params)
  const rows = await kernel().db.rows({ ...statement, postgresql: `EXPLAIN ${statement.postgresql}` }, params)
  return rows.map((row) => String(row['QUERY PLAN'])).join('\n')
}

const SORTS = /TEMP B-TREE|\bSort\b/
const SCANS = /Seq Scan|SCAN (?!json_each|found|CONSTANT|TraceTextIndex)/

const INDEXED: readonly (readonly [Partial<TraceFilter>, RegExp])[] = [
  [{}, /Trace_tenantId_startedAt_id_idx/],
  [{ workspace_id: 'w1' }, /Trace_tenantId_workspaceId_startedAt_id_idx/],
  [{ environment: 'e1' }, /Trace_tenantId_environment_startedAt_id_idx/],
  [{ agent_role: 'r1' }, /Trace_tenantId_agentRole_startedAt_id_idx/],
  [{ user_id: 'u1' }, /Trace_tenantId_userId_startedAt_id_idx/],
  [{ status: 'error' }, /Trace_tenantId_status_startedAt_id_idx/],
  [{ model: 'm1' }, /Trace_tenantId_model_startedAt_id_idx/],
  [{ risk_level: 'l1' as 'low' }, /Trace_tenantId_riskLevel_startedAt_id_idx/],
  [{ workspace_hash: 'h1' }, /Trace_tenantId_workspaceHash_startedAt_id_idx/],
  [{ session_key: 's1' }, /Trace_tenantId_sessionKey_startedAt_id_idx/],
  [{ label_key: 'k1' }, /TraceLabel_tenantId_key_startedAt_traceId_idx/],
  [{ label_key: 'k1', label_value: 'v1' }, /TraceLabel_tenantId_key_value_startedAt_traceId_idx/],
  [{ start_date: '2026-01-05T00:00:00.000Z', end_date: DAY }, /Trace_tenantId_startedAt_id_idx/],
  [{ model: 'm1', start_date: '2026-01-05T00:00:00.000Z', end_date: DAY }, /Trace_tenantId_model_startedAt_id_idx/],
  [{ min_cost: 0, model: 'm1' }, /Trace_tenantId_model_startedAt_id_idx/],
]

const BY_ID: readonly (readonly [Partial<TraceFilter>, RegExp])[] = [
  [{ execution_id: 'x' }, /Trace_tenantId_executionId_idx/],
  [{ task_id: 't7' }, /Trace_tenantId_taskId_idx/],
  [{ message_id: 'x7' }, /Trace_tenantId_messageId_idx/],
  [{ document_id: 'd7' }, /Trace_tenantId_documentId_idx/],
  [{ replay_of: '0193f0a0-0000-7000-8000-000000000000' }, /Trace_tenantId_replayOf_startedAt_idx/],
  [{ trace_id: '0193f0a0-0000-7000-8000-000000000000' }, /sqlite_autoindex_Trace_1|Trace_pkey/],
]

describeEachDialect('how lists are read', (dialect) => {
  useKernel(dialect)
  const at = { tenant: '' }
  const scope = (over = {}) => scopeOf(identityOf(at.tenant, 'admin', over))

  beforeAll(async () => {
    at.tenant = (await newTenant('plan')).id
    await fill(dialect, at.tenant)
    await fill(dialect, (await newTenant('other')).id)
  }, 60_000)

  const plan = (make: typeof pageOf, filter: Partial<TraceFilter>, isPaged = false, over = {}) => {
    const { shape, params } = narrow(scope(over), filter)
    const conditions = isPaged ? [...shape.conditions, 'before' as const] : shape.conditions
    const more = { before: '2026-01-08T00:00:00.000+00:00', before_id: 'x', limit: 51, offset: 0, most: 10_001 }
    return planOf(dialect, make({ ...shape, conditions }), { ...params, ...more, tenant: at.tenant })
  }

  it.each(INDEXED)('by %j in the order of its index', async (filter, index) => {
    for (const paged of [false, true]) {
      const text = await plan(pageOf, filter, paged)
      expect(text).toMatch(index)
      expect(text).not.toMatch(SORTS)
      expect(text).not.toMatch(SCANS)
      if (dialect === 'sqlite' && paged) expect(text).toMatch(/\(?.*(startedAt|\(startedAt,(id|traceId)\))[<>]/)
    }
    const counted = await plan(countOf, filter)
    expect(counted).not.toMatch(SORTS)
  })

  it.each(BY_ID)('by %j through its index', async (filter, index) => {
    const text = await plan(pageOf, filter)
    expect(text).toMatch(index)
    expect(text).not.toMatch(SCANS)
  })

  it('of several workspaces without a sort', async () => {
    const text = await plan(pageOf, {}, false, { workspaceIds: ['w1', 'w2'] })
    expect(text).toMatch(/Trace_tenantId_startedAt_id_idx/)
    expect(text).not.toMatch(SORTS)
  })

  it('of a search by the index of the texts', async () => {
    const text = await plan(pageOf, { q: 'word77' })
    expect(text).toMatch(dialect === 'sqlite' ? /TraceTextIndex VIRTUAL TABLE INDEX/ : /TraceText_search/)
    expect(text).not.toMatch(/Seq Scan|SCAN t|SCAN x/)
  })

  it('of a word that is everywhere going back in time', async () => {
    if (dialect === 'postgresql') return
    const { shape, params } = narrow(scope(), { q: 'common' })
    const statement = pageOf({ driver: 'trace', conditions: [...shape.conditions, 'has_text'] })
    const text = await planOf(dialect, statement, { ...params, tenant: at.tenant, limit: 51, offset: 0 })
    expect(text).toMatch(/Trace_tenantId_startedAt_id_idx/)
    expect(text).not.toMatch(SORTS)
  })

  it('of sessions without reading all of them', async () => {
    const own = narrow(scope(), {}).shape.conditions.filter(isOfSession)
    const text = await planOf(dialect, newestRuns(own, []), { tenant: at.tenant, limit: 51 })
    expect(text).toMatch(/Trace_tenantId_startedAt_id_idx/)
    expect(text).toMatch(/Trace_tenantId_sessionKey_startedAt_id_idx/)
    expect(text).not.toMatch(/TEMP B-TREE|\bSort\b/)
    const sums = await planOf(dialect, sessionSums(own), { tenant: at.tenant, keys: '["s1","s2"]' })
    expect(sums).toMatch(/Trace_tenantId_sessionKey_startedAt_id_idx/)
    const first = await planOf(dialect, oldestTrace, { tenant: at.tenant })
    expect(first).not.toMatch(SORTS)
  })

  it('sums by the hour through the key of the sums', async () => {
    const statement = rollupSums(['start', 'end', 'model'], ['status'])
    const text = await planOf(dialect, statement, { tenant: at.tenant, start_hour: DAY, end_hour: DAY, model: 'm' })
    expect(text).toMatch(dialect === 'sqlite' ? /SEARCH t USING INDEX sqlite_autoindex_TraceRollup_1/ : /TraceRollup/)
  })

  it('beyond ten thousand the number is an estimate, from sums or from the course of time', async () => {
    const list = (filter: object) => listTracesForOps(scope(), OpsTraceQuery.parse({ limit: 2, ...filter }))
    expect(await list({ risk_level: 'low' })).toMatchObject({ total: 0, total_exact: true })
    expect(await list({ model: 'm1' })).toMatchObject({ total: 2_858, total_exact: true })
    const over = await list({ min_cost: 0 })
    expect(over.total_exact).toBe(false)
    expect(Math.abs(over.total - COUNT)).toBeLessThan(COUNT / 100)
    const keys = `'${at.tenant}', '2026-01-01T00:00:00.000+00:00', 'run', 'w', 'e', '', 'p', 'm', 'success', '', 0`
    await rawQuery(
      kernel().db.url,
      `INSERT INTO "TraceRollup" ("tenantId", "hour", "origin", "workspaceId", "environment", "agentRole", "provider",
         "model", "status", "riskLevel", "durationBucket", "traces", "steps", "toolCalls", "errors", "inputTokens",
         "outputTokens", "cacheReadTokens", "cacheWriteTokens", "reasoningTokens", "costMicroUsd", "durationMs")
       VALUES (${keys}, 19999, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
    )
    expect(await list({})).toMatchObject({ total: 19_999, total_exact: false, has_more: true })
    expect(await list({ offset: 19_998 })).toMatchObject({ has_more: false, traces: [{}, {}] })
  })

  it('the number of readings does not grow with the rows', async () => {
    const countOf = async (limit: number) => {
      const asked: string[] = []
      const watched = scope()
      const { rows } = watched
      watched.rows = (statement, params) => {
        asked.push(statement.sqlite)
        return rows(statement, params)
      }
      await listTracesForOps(watched, OpsTraceQuery.parse({ limit, model: 'm2', label_key: 'k1' }))
      return asked.length
    }
    expect(await countOf(200)).toBe(await countOf(2))
    expect(await countOf(2)).toBeLessThanOrEqual(5)
  })
})
