import { describe, expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { putTrace, type SampleTrace } from '@/lib/core/testing/sample-trace'
import { OpsTracePage, OpsTraceQuery, TracePage, TraceQuery } from './contract'
import { listTraces, listTracesForOps } from './index'

const asked = (query: object = {}) => OpsTraceQuery.parse(query)
const wanted = (query: object = {}) => TraceQuery.parse(query)
const HASH = 'abcdef0123456789'
const OTHER = '0193f0a0-0000-7000-8000-00000000000a'

const FILTERS: readonly (readonly [object, SampleTrace])[] = [
  [{ workspace_id: 'sales' }, { workspaceId: 'sales' }],
  [{ user_id: "o'neil" }, { userId: "o'neil" }],
  [{ agent_role: 'agent' }, { agentRole: 'agent' }],
  [{ status: 'timeout' }, { status: 'timeout' }],
  [{ model: 'claude' }, { model: 'claude' }],
  [{ provider: 'anthropic' }, { provider: 'anthropic' }],
  [{ environment: 'staging' }, { environment: 'staging' }],
  [{ origin: 'otlp' }, { origin: 'otlp', name: 'chat' }],
  [{ risk_level: 'high' }, { riskLevel: 'high', riskScore: 60 }],
  [{ workspace_hash: HASH }, { workspaceHash: HASH }],
  [{ session_key: 'user:1:agent' }, { sessionKey: 'user:1:agent' }],
  [{ replay_of: OTHER.toUpperCase() }, { replayOf: OTHER }],
  [{ execution_id: 'exec' }, { executionId: 'exec' }],
  [{ task_id: 't-1' }, { taskId: 't-1' }],
  [{ document_id: 'd-1' }, { documentId: 'd-1' }],
  [{ message_id: 'm-1' }, { messageId: 'm-1' }],
  [{ min_cost: 0.5 }, { costMicroUsd: 500_000n }],
  [{ min_cost: '0.4', max_cost: '0.500000' }, { costMicroUsd: 500_000n }],
  [{ start_date: '2026-03-02T00:00:00.000Z' }, { startedAt: new Date('2026-03-02T00:00:00.000Z') }],
  [{ end_date: '2026-02-01T01:00:00.000+01:00' }, { startedAt: new Date('2026-02-01T00:00:00.000Z') }],
  [{ label_key: 'a.b' }, { labels: { 'a.b': 'x' } }],
  [{ label_key: `"'`, label_value: `'" OR 1=1 --` }, { labels: { [`"'`]: `'" OR 1=1 --` } }],
  [{ label_key: 'schlüssel 🔑', label_value: '値%_' }, { labels: { 'schlüssel 🔑': '値%_' } }],
]

describeEachDialect('the list of traces', (dialect) => {
  useKernel(dialect)

  it('shows those of the tenant, newest first, in a shape that the contract knows', async () => {
    const [a, b] = await twoTenants()
    const foreign = await putTrace(b.id)
    const old = await putTrace(a.id, {}, 2_000)
    const young = await putTrace(a.id, { labels: { speed: 'slow' }, riskScore: 30, riskLevel: 'medium' }, 1_000)
    const page = await listTracesForOps(a.scope, asked())
    expect(OpsTracePage.parse(page)).toEqual(page)
    expect(page).toMatchObject({ total: 2, filtered: 2, total_exact: true, has_more: false, next_cursor: null })
    expect(page.traces.map(({ id }) => id)).toEqual([young, old])
    expect(page.traces[0]).toMatchObject({ labels: { speed: 'slow' }, risk: { score: 30, level: 'medium' } })
    expect((await listTracesForOps(a.scope, asked({ trace_id: foreign }))).traces).toEqual([])
    expect((await listTracesForOps(a.scope, asked({ trace_id: young.toUpperCase() }))).total).toBe(1)
  })

  it.each(FILTERS)('by %j finds what fits and nothing else', async (query, fits) => {
    const [a, b] = await twoTenants()
    await putTrace(b.id, fits)
    await putTrace(a.id, { labels: { other: 'x' } }, 1)
    const id = await putTrace(a.id, fits)
    const service = scopeOf(identityOf(a.id, 'admin', { plane: 'service', userId: null }))
    for (const found of [
      await listTracesForOps(a.scope, asked(query)),
      await listTraces(service, wanted(query)),
      await listTracesForOps(a.scope, asked({ ...query, cursor: undefined, limit: 1 })),
    ]) {
      expect(found.traces.map((trace) => trace.id)).toEqual([id])
      expect(found).toMatchObject({ total: 1, has_more: false })
    }
  })

  it('all filters together are one statement that finds the one', async () => {
    const { id: tenant, scope } = await newTenant()
    const over: SampleTrace = Object.assign({}, ...FILTERS.slice(0, 17).map(([, fits]) => fits))
    const id = await putTrace(tenant, { ...over, labels: { k: 'v' } })
    await putTrace(tenant, over)
    const query = Object.assign({}, ...FILTERS.slice(0, 17).map(([part]) => part))
    const found = await listTracesForOps(scope, asked({ ...query, label_key: 'k', label_value: 'v' }))
    expect(found.traces.map((trace) => trace.id)).toEqual([id])
  })

  it('pages by cursor and by offset name every trace once, also where all began at the same time', async () => {
    const { id: tenant, scope } = await newTenant()
    const ids = await Promise.all(
      Array.from({ length: 11 }, (_, at) => putTrace(tenant, { labels: { k: 'v' } }, at < 6 ? 0 : at)),
    )
    for (const filter of [{}, { label_key: 'k' }, { label_key: 'k', label_value: 'v' }, { model: 'gpt-4o' }]) {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page: OpsTracePage = await listTracesForOps(
          scope,
          asked({ ...filter, limit: 4, ...(cursor ? { cursor } : {}) }),
        )
        expect(page.total).toBe(11)
        seen.push(...page.traces.map(({ id }) => id))
        cursor = page.next_cursor
      } while (cursor !== null)
      expect([...seen].sort()).toEqual([...ids].sort())
      const offsets = await Promise.all(
        [0, 4, 8].map((offset) => listTracesForOps(scope, asked({ ...filter, limit: 4, offset }))),
      )
      expect(offsets.flatMap(({ traces }) => traces.map(({ id }) => id))).toEqual(seen)
      expect(offsets.map((page) => page.has_more)).toEqual([true, true, false])
    }
  })

  it('limits a principal to its workspaces and users, in the count too', async () => {
    const { id: tenant } = await newTenant()
    await putTrace(tenant, { workspaceId: 'hr' })
    const sales = await putTrace(tenant, { workspaceId: 'sales' })
    const ops = await putTrace(tenant, { workspaceId: 'ops', userId: 'u' }, 1)
    const limited = scopeOf(identityOf(tenant, 'admin', { workspaceIds: ['sales', 'ops'] }))
    expect(await listTracesForOps(limited, asked())).toMatchObject({ total: 2, traces: [{ id: sales }, { id: ops }] })
    expect(await listTracesForOps(limited, asked({ workspace_id: 'ops' }))).toMatchObject({ total: 1 })
    await expect(listTracesForOps(limited, asked({ workspace_id: 'hr' }))).rejects.toMatchObject({
      code: 'workspace_access_denied',
    })
    const none = scopeOf(identityOf(tenant, 'admin', { workspaceIds: [] }))
    expect(await listTracesForOps(none, asked())).toMatchObject({ total: 0, traces: [] })
    const user = scopeOf(identityOf(tenant, 'admin', { plane: 'service', userId: 'u' }))
    expect(await listTraces(user, wanted())).toMatchObject({ total: 1, traces: [{ id: ops }] })
    expect(await listTraces(user, wanted({ user_id: 'somebody' }))).toMatchObject({ total: 0 })
  })

  it('with view=full each trace is whole, twenty at most; without it none has a text', async () => {
    const { id: tenant } = await newTenant()
    const service = scopeOf(identityOf(tenant, 'admin', { plane: 'service', userId: null }))
    for (let at = 0; at < 22; at++)
      await putTrace(
        tenant,
        { inputs: { message: `CANARY ${at}` }, outcome: { message: 'CANARY', tool_calls: [] } },
        at,
      )
    const full = await listTraces(service, wanted({ view: 'full', limit: 100 }))
    expect(TracePage.parse(full)).toEqual(full)
    expect(full).toMatchObject({ limit: 20, total: 22, has_more: true })
    expect(full.traces.map(({ input }) => input?.message)).toEqual(
      Array.from({ length: 20 }, (_, at) => `CANARY ${at}`),
    )
    expect(JSON.stringify(await listTraces(service, wanted()))).not.toContain('CANARY')
  })

  it('counts exactly up to ten thousand', async () => {
    const { id: tenant, scope } = await newTenant()
    for (let at = 0; at < 5; at++) await putTrace(tenant, {}, at)
    expect(await listTracesForOps(scope, asked({ limit: 2 }))).toMatchObject({ total: 5, total_exact: true })
    expect(await listTracesForOps(scope, asked({ limit: 2, offset: 4 }))).toMatchObject({ total: 5, has_more: false })
    expect(await listTracesForOps(scope, asked({ offset: 9 }))).toMatchObject({ total: 5, traces: [], has_more: false })
  })

  it('says nothing of trust that it did not look at', async () => {
    const { id: tenant, scope } = await newTenant()
    await putTrace(tenant)
    await putTrace(tenant, { origin: 'otlp' }, 1)
    const { traces } = await listTracesForOps(scope, asked({ trust_status: 'unverified' }))
    expect(traces.map(({ integrity, trust_status: trust }) => [integrity.status, trust])).toEqual([
      ['unverified', 'unverified'],
      ['unsigned', 'unverified'],
    ])
    expect((await listTracesForOps(scope, asked({ trust_status: 'verified' }))).total).toBe(0)
  })
})

describe('what may be asked', () => {
  it.each([
    { limit: 201 },
    { limit: 0 },
    { cursor: 'x' },
    { cursor: btoa('["2026-01-01T00:00:00.000Z","no uuid"]') },
    { min_cost: '-1' },
    { min_cost: '1e9' },
    { status: 'fine' },
    { start_date: 'yesterday' },
    { trace_id: 'x' },
    { q: 'x'.repeat(10_001) },
  ])('%j is refused', (query) => {
    expect(OpsTraceQuery.safeParse(query).success).toBe(false)
  })
})
