import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { SessionPage, SessionQuery, type TraceSession } from './contract'
import { listSessions } from './index'

const asked = (query: object = {}) => SessionQuery.parse(query)

describeEachDialect('sessions', (dialect) => {
  useKernel(dialect)

  it('are runs of one key with what they have cost so far, the one that ran last first', async () => {
    const [a, b] = await twoTenants()
    await putTrace(b.id, { sessionKey: 's1', costMicroUsd: 99n })
    await putTrace(a.id, { startedAt: new Date('2026-03-01T12:00:00Z') })
    const first = {
      sessionKey: 's1',
      userId: 'u',
      agentRole: 'r',
      costMicroUsd: 5n,
      inputTokens: 1,
      cacheReadTokens: 2,
    }
    await putTrace(a.id, { ...first, outputTokens: 4 }, 9_000)
    await putTrace(a.id, { sessionKey: 's2', costMicroUsd: 1n }, 5_000)
    const last = await putTrace(a.id, { ...first, status: 'error', model: 'm' }, 1_000)
    const page = await listSessions(a.scope, asked())
    expect(SessionPage.parse(page)).toEqual(page)
    expect(page.sessions.map(({ session_key: key, runs }) => [key, runs])).toEqual([
      ['s1', 2],
      ['s2', 1],
    ])
    expect(page.sessions[0]).toEqual({
      ...{ session_key: 's1', user_id: 'u', agent_role: 'r', workspace_id: 'default', runs: 2, errors: 1 },
      ...{ first_started_at: '2026-03-01T11:59:51.000Z', last_started_at: '2026-03-01T11:59:59.000Z' },
      ...{ last_status: 'error', last_trace_id: last, last_model: 'm', total_tokens: 10, duration_ms: 200 },
      ...{ total_cost: 0.00001, total_cost_micro_usd: 10 },
    })
    expect((await listSessions(a.scope, asked({ session_key: 's2' }))).sessions).toMatchObject([{ session_key: 's2' }])
    expect((await listSessions(a.scope, asked({ user_id: 'u' }))).sessions).toMatchObject([{ session_key: 's1' }])
    const until = await listSessions(a.scope, asked({ end_date: '2026-03-01T11:59:55.000Z' }))
    expect(until.sessions.map(({ session_key: key }) => key)).toEqual(['s2'])
  })

  it('add up also what is as large as a column holds', async () => {
    const [a] = await twoTenants()
    const most = 2_147_483_647
    const tokens = { inputTokens: most, cacheReadTokens: most, cacheWriteTokens: most, outputTokens: most }
    await putTrace(a.id, { sessionKey: 's', ...tokens })
    expect((await listSessions(a.scope, asked())).sessions).toMatchObject([{ total_tokens: 4 * most }])
  })

  it('are paged, each once, also where they ran at one moment', async () => {
    const [a] = await twoTenants()
    for (let at = 0; at < 9; at++) await putTrace(a.id, { sessionKey: `s${at % 7}` }, at < 4 ? 0 : at)
    const seen: TraceSession[] = []
    let cursor: string | null = null
    do {
      const page: SessionPage = await listSessions(a.scope, asked({ limit: 3, ...(cursor ? { cursor } : {}) }))
      seen.push(...page.sessions)
      cursor = page.next_cursor
    } while (cursor !== null)
    expect(seen.map(({ session_key: key }) => key).sort()).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6'])
    expect(seen.reduce((sum, { runs }) => sum + runs, 0)).toBe(9)
  })

  it('count only runs that the reader may see', async () => {
    const [a] = await twoTenants()
    await putTrace(a.id, { sessionKey: 's', workspaceId: 'hr', costMicroUsd: 50n })
    await putTrace(a.id, { sessionKey: 's', workspaceId: 'sales', costMicroUsd: 1n }, 1_000)
    await putTrace(a.id, { sessionKey: 'hidden', workspaceId: 'hr' })
    const limited = scopeOf(identityOf(a.id, 'viewer', { workspaceIds: ['sales', 'ops'] }))
    const { sessions } = await listSessions(limited, asked())
    expect(sessions).toMatchObject([{ session_key: 's', runs: 1, total_cost_micro_usd: 1 }])
  })
})
