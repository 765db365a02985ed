import { describe, expect, it } from 'vitest'
import { dateOf, fixedClock } from '@/lib/core/clock'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { putTrace, type SampleTrace } from '@/lib/core/testing/sample-trace'
import { addToRollup, takeFromRollup } from '@/lib/tracing'
import { costDashboard as costContract, riskDashboard as riskContract } from './contract'
import { crossingOf, outlookOf } from './forecast'
import { costDashboard, riskDashboard } from './index'

const NOW = dateOf('2026-03-10T15:00:00.000Z')
const on = (day: number, time = '12:00:00.000') => dateOf(`2026-03-${String(day).padStart(2, '0')}T${time}Z`)

const ended = async (tenant: TestTenant, over: SampleTrace) => {
  const id = await putTrace(tenant.id, over)
  await tenant.scope.command({ audit: [], writes: [addToRollup(id)] })
  return id
}

type FactRow = {
  day: Date
  fact: string
  value: string
  workspaceId?: string
  traces: number
  cost: number
  weight?: number
}

const putFacts = (tenantId: string, rows: readonly FactRow[]) =>
  systemWrite(({ client }) =>
    client.traceFactRollup.createMany({
      data: rows.map(({ cost, weight = 0, workspaceId = 'default', ...row }) => ({
        ...row,
        tenantId,
        workspaceId,
        errors: 0,
        costMicroUsd: BigInt(cost),
        weight: BigInt(weight),
      })),
    }),
  )

const cost = (query: object = {}) => costContract.query.parse(query)
const risk = (query: object = {}) => riskContract.query.parse(query)

describeEachDialect('dashboards', (dialect) => {
  useKernel(dialect, { clock: fixedClock(NOW) })

  it('count whole days of UTC, the one that runs is the last', async () => {
    const [a, b] = await twoTenants()
    await ended(b, { startedAt: on(9), costMicroUsd: 9_000n })
    await ended(a, { startedAt: on(3, '23:59:59.999'), costMicroUsd: 1n })
    await ended(a, { startedAt: on(4, '00:00:00.000'), costMicroUsd: 10n })
    await ended(a, { startedAt: on(10, '14:00:00.000'), costMicroUsd: 100n })
    const { dashboard } = await costDashboard(a.scope, cost({ days: '7' }))
    expect(dashboard.daily.map(({ day }) => day)).toEqual(
      [4, 5, 6, 7, 8, 9, 10].map((day) => `2026-03-${String(day).padStart(2, '0')}`),
    )
    expect(dashboard.daily.map((day) => day.total_cost_micro_usd)).toEqual([10, 0, 0, 0, 0, 0, 100])
    expect(dashboard).toMatchObject({ total_cost_micro_usd: 110, trace_count: 2, total_cost: 0.00011 })
    expect(dashboard.coverage).toEqual({
      retention_mode: 'full',
      sampling_strategy: null,
      time_window: { start: '2026-03-04T00:00:00.000Z', end: '2026-03-11T00:00:00.000Z' },
      disclaimer: 'Metrics based on full traces, last 7 days',
    })
    expect(dashboard.ledger).toMatchObject({ total_cost_micro_usd: 0, difference_micro_usd: -110 })
    expect(dashboard.ledger.explanation).toMatch(/^In traces that were not charged here/)
  })

  it('name the dearest five parts and add the others up', async () => {
    const a = await newTenant()
    for (const at of [1, 2, 3, 4, 5, 6, 7])
      await ended(a, {
        startedAt: on(9),
        model: `m${at}`,
        costMicroUsd: BigInt(10 ** at),
        agentRole: at > 6 ? 'r' : null,
      })
    const { dashboard } = await costDashboard(a.scope, cost({ by: 'model', days: '2' }))
    expect(dashboard.parts).toEqual({
      by: 'model',
      names: ['m7', 'm6', 'm5', 'm4', 'm3'],
      has_others: true,
      is_overlapping: false,
      daily: [
        { day: '2026-03-09', costs_micro_usd: [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 110] },
        { day: '2026-03-10', costs_micro_usd: [0, 0, 0, 0, 0, 0] },
      ],
    })
    expect(dashboard.by_role.map(({ agent_role: role }) => role)).toEqual(['r', ''])
  })

  it('tell skills from their own sums, which overlap and are said to', async () => {
    const [a, b] = await twoTenants()
    await putFacts(b.id, [{ day: on(9, '00:00:00.000'), fact: 'skill', value: 'other', traces: 5, cost: 500 }])
    await putFacts(a.id, [
      { day: on(9, '00:00:00.000'), fact: 'skill', value: 'tea', traces: 2, cost: 30 },
      { day: on(10, '00:00:00.000'), fact: 'skill', value: 'tea', traces: 1, cost: 5 },
      { day: on(10, '00:00:00.000'), fact: 'skill', value: 'milk', workspaceId: 'sales', traces: 1, cost: 50 },
      { day: on(10, '00:00:00.000'), fact: 'skill', value: 'gone', traces: 0, cost: 0 },
      { day: dateOf('2026-01-01T00:00:00.000Z'), fact: 'skill', value: 'old', traces: 9, cost: 900 },
      { day: on(10, '00:00:00.000'), fact: 'risk_factor', value: 'tool_breadth', traces: 9, cost: 900, weight: 1 },
    ])
    const { dashboard } = await costDashboard(a.scope, cost({ by: 'skill', days: '2' }))
    expect(dashboard.by_skill).toEqual([
      { skill_name: 'milk', total_cost: 0.00005, total_cost_micro_usd: 50, trace_count: 1 },
      { skill_name: 'tea', total_cost: 0.000035, total_cost_micro_usd: 35, trace_count: 3 },
    ])
    expect(dashboard.parts).toMatchObject({ names: ['milk', 'tea'], is_overlapping: true, has_others: false })
    expect(dashboard.parts.daily.map(({ costs_micro_usd: costs }) => costs)).toEqual([
      [0, 30],
      [50, 5],
    ])
    const sales = scopeOf(identityOf(a.id, 'viewer', { workspaceIds: ['sales'] }))
    expect((await costDashboard(sales, cost())).dashboard.by_skill).toHaveLength(1)
  })

  it('show a limited principal its part, and refuse another one', async () => {
    const a = await newTenant()
    await ended(a, { startedAt: on(9), workspaceId: 'sales', costMicroUsd: 5n, riskLevel: 'high', riskScore: 60 })
    await ended(a, { startedAt: on(9), workspaceId: 'secret', costMicroUsd: 7n, riskLevel: 'critical', riskScore: 90 })
    const sales = scopeOf(identityOf(a.id, 'viewer', { workspaceIds: ['sales'] }))
    expect((await costDashboard(sales, cost())).dashboard.by_workspace).toMatchObject([{ workspace_id: 'sales' }])
    expect((await riskDashboard(sales, risk())).dashboard).toMatchObject({
      trace_count: 1,
      levels: { high: 1, critical: 0 },
    })
    expect((await riskDashboard(sales, risk())).dashboard.high_risk.map(({ workspace_id: id }) => id)).toEqual([
      'sales',
    ])
    for (const ask of [
      costDashboard(sales, cost({ workspace_id: 'secret' })),
      riskDashboard(sales, risk({ workspace_id: 'secret' })),
    ])
      await expect(ask).rejects.toMatchObject({ code: 'workspace_access_denied' })
    const user = scopeOf(identityOf(a.id, 'viewer', { plane: 'service', userId: 'nobody' }))
    expect((await costDashboard(user, cost())).dashboard).toMatchObject({ trace_count: 0, by_skill: [] })
    expect((await riskDashboard(user, risk())).dashboard).toMatchObject({ trace_count: 0, recent_high_risk: [] })
  })

  it('tell levels over the whole window, unscored runs apart, and the newest of high risk', async () => {
    const [a, b] = await twoTenants()
    await ended(b, { startedAt: on(10), riskLevel: 'critical', riskScore: 99 })
    for (const [day, riskLevel, riskScore] of [
      [8, 'low', 3],
      [9, 'high', 60],
      [9, 'critical', 80],
      [10, 'high', 55],
    ] as const)
      await ended(a, {
        startedAt: on(day),
        riskLevel,
        riskScore,
        workspaceId: riskLevel === 'low' ? 'calm' : 'default',
      })
    await ended(a, { startedAt: on(10) })
    await ended(a, { startedAt: dateOf('2026-01-01T12:00:00.000Z'), riskLevel: 'critical', riskScore: 99 })
    await putFacts(a.id, [
      { day: on(9, '00:00:00.000'), fact: 'risk_factor', value: 'data_sensitivity', traces: 2, cost: 4, weight: 30 },
      { day: on(10, '00:00:00.000'), fact: 'risk_factor', value: 'data_sensitivity', traces: 1, cost: 4, weight: 20 },
      { day: on(10, '00:00:00.000'), fact: 'risk_factor', value: 'adapter', traces: 1, cost: 4, weight: 9 },
    ])
    const { dashboard } = riskContract.reply.parse(await riskDashboard(a.scope, risk({ days: '3' })))
    expect(dashboard).toMatchObject({
      levels: { low: 1, medium: 0, high: 2, critical: 1 },
      unscored: 1,
      trace_count: 5,
    })
    expect(
      dashboard.daily.map(({ levels, trace_count: count }) => [levels.low, levels.high, levels.critical, count]),
    ).toEqual([
      [1, 0, 0, 1],
      [0, 1, 1, 2],
      [0, 1, 0, 2],
    ])
    expect(dashboard.high_risk[0]?.risk_score).toBe(55)
    expect(dashboard.recent_high_risk).toEqual(dashboard.high_risk.map(({ id }) => id))
    expect(new Set(dashboard.high_risk.map(({ risk_score: score }) => score))).toEqual(new Set([55, 60, 80]))
    expect(dashboard.by_workspace.map(({ workspace_id: id }) => id)).toEqual(['default', 'calm'])
    expect(dashboard.top_factors).toMatchObject([
      { factor: 'data_sensitivity', trace_count: 3, strength: 16.7, points: 3.3 },
      { factor: 'adapter', trace_count: 1, strength: 9, points: 1.4 },
    ])
  })

  it('forget what was taken from the sums, and say so of the ledger', async () => {
    const a = await newTenant()
    const id = await ended(a, { startedAt: on(9), costMicroUsd: 40n })
    const now = NOW
    const line = {
      tenantId: a.id,
      id: 'l1',
      workspaceId: 'default',
      environment: 'production',
      kind: 'send',
      traceId: id,
    }
    const call = { provider: 'openai', model: 'gpt-4o', priceVersion: 'v', state: 'settled', reservedMicroUsd: 0n }
    await systemWrite(({ client }) =>
      client.ledgerEntry.create({ data: { ...line, ...call, costMicroUsd: 40n, createdAt: on(9), leaseUntil: now } }),
    )
    expect((await costDashboard(a.scope, cost())).dashboard.ledger.difference_micro_usd).toBe(0)
    await a.scope.command({ audit: [], writes: [takeFromRollup(id)] })
    const { dashboard } = await costDashboard(a.scope, cost())
    expect(dashboard.total_cost_micro_usd).toBe(0)
    expect(dashboard.ledger).toMatchObject({ total_cost_micro_usd: 40, difference_micro_usd: 40 })
    expect(dashboard.ledger.explanation).toMatch(/^Charged, but/)
    expect(dashboard.forecast).toMatchObject({
      period_start: '2026-03-01T00:00:00.000Z',
      period_end: '2026-04-01T00:00:00.000Z',
      spent_micro_usd: 40,
      average_daily_micro_usd: 4,
      days_remaining: 22,
      projected_micro_usd: 128,
      recent_daily_micro_usd: 6,
      projected_recent_micro_usd: 166,
    })
  })

  it('of a tenant without a run are zeros, not errors', async () => {
    const a = await newTenant()
    const { dashboard } = costContract.reply.parse(await costDashboard(a.scope, cost({ by: 'role' })))
    expect(dashboard).toMatchObject({ total_cost_micro_usd: 0, by_workspace: [], ledger: { difference_micro_usd: 0 } })
    expect(dashboard.parts).toMatchObject({ names: [], has_others: false })
    const empty = riskContract.reply.parse(await riskDashboard(a.scope, risk()))
    expect(empty.dashboard).toMatchObject({ trace_count: 0, top_factors: [], recent_high_risk: [] })
  })
})

describe('a forecast', () => {
  const period = { start: dateOf('2026-03-01T00:00:00.000Z'), end: dateOf('2026-03-31T00:00:00.000Z') }
  it.each([
    ['2026-03-01T00:00:00.000Z', 10, 10, 30, 310],
    ['2026-03-01T01:00:00.000Z', 10, 10, 30, 310],
    ['2026-03-11T00:00:00.000Z', 100, 10, 20, 300],
    ['2026-03-30T23:00:00.000Z', 300, 10, 1, 310],
    ['2026-04-09T00:00:00.000Z', 390, 10, 0, 390],
  ])('at %s', (at, spent, averageDaily, daysRemaining, projected) => {
    expect(outlookOf(spent, period, dateOf(at))).toEqual({ averageDaily, daysRemaining, projected })
  })

  it('crosses the limit where the line does', () => {
    const line = { from: 0, until: 1_000, spent: 50, projected: 150 }
    expect(crossingOf(line, 100)).toBe(500)
    expect(crossingOf(line, 150)).toBeNull()
    expect(crossingOf(line, 50)).toBe(0)
    expect(crossingOf({ ...line, until: 0 }, 100)).toBeNull()
  })
})
