import { describe, expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { putTrace, type SampleTrace } from '@/lib/core/testing/sample-trace'
import { OpsStatsQuery, OpsTraceStats, TraceStats } from './contract'
import { histogramOf, percentileOf } from './histogram'
import { addToRollup, durationBucketOf, takeFromRollup, traceStats, traceStatsForOps } from './index'
import { partsOf } from './store-stats'

const asked = (query: object = {}) => OpsStatsQuery.parse(query)
const at = (text: string) => new Date(`2026-03-01T${text}Z`)

const ended = async (tenant: TestTenant, over: SampleTrace) => {
  const ms = Number(over.durationMs ?? 100)
  const id = await putTrace(tenant.id, {
    durationBucket: durationBucketOf(ms),
    inputTokens: 10,
    outputTokens: 5,
    ...over,
  })
  await tenant.scope.command({ audit: [], writes: [addToRollup(id)] })
  return id
}

describeEachDialect('sums of traces', (dialect) => {
  useKernel(dialect)

  const filled = async () => {
    const [a, b] = await twoTenants()
    await ended(b, { startedAt: at('10:30:00.000'), costMicroUsd: 9_000_000n })
    await ended(a, { startedAt: at('09:59:59.999'), costMicroUsd: 1n, workspaceId: 'sales' })
    await ended(a, { startedAt: at('10:00:00.000'), costMicroUsd: 10n, status: 'error', durationMs: 1_000 })
    await ended(a, { startedAt: at('10:59:59.999'), costMicroUsd: 100n, status: 'timeout', model: 'claude' })
    await ended(a, { startedAt: at('11:00:00.000'), costMicroUsd: 1_000n, agentRole: 'r', cacheReadTokens: 7 })
    await ended(a, { startedAt: at('11:20:00.000'), costMicroUsd: 10_000n, riskLevel: 'high', riskScore: 70 })
    await ended(a, { startedAt: at('12:00:00.000'), costMicroUsd: 100_000n, status: 'cancelled' })
    await putTrace(a.id, { startedAt: at('10:10:00.000'), status: 'running', costMicroUsd: 5n })
    return [a, b] as const
  }

  it('are those of what has ended, of the tenant alone', async () => {
    const [a] = await filled()
    const reply = await traceStats(a.scope, {})
    expect(TraceStats.parse(reply)).toEqual(reply)
    expect(reply.stats).toMatchObject({
      total_traces: 6,
      total_tokens: 6 * 15 + 7,
      total_cost: 0.111111,
      avg_duration_ms: 250,
      error_rate: 2 / 6,
      traces_by_status: { success: 3, error: 1, timeout: 1, cancelled: 1 },
    })
    expect(reply.stats.p50_duration_ms).toBeGreaterThan(80)
    expect(reply.stats.p50_duration_ms).toBeLessThan(120)
  })

  it.each([
    ['10:00:00.000', '10:59:59.999', 110],
    ['10:00:00.001', '11:00:00.000', 1_100],
    ['09:59:59.999', '12:00:00.000', 111_111],
    ['10:00:00.000', '11:59:59.999', 11_110],
    ['10:00:00.000', '11:10:00.000', 1_110],
    ['11:10:00.000', '11:30:00.000', 10_000],
    ['11:00:00.000', '11:00:00.000', 1_000],
    ['13:00:00.000', '09:00:00.000', 0],
  ])('between %s and %s count to the millisecond', async (start, end, cost) => {
    const [a] = await filled()
    const window = { start_date: at(start).toISOString(), end_date: at(end).toISOString() }
    expect((await traceStats(a.scope, window)).stats.total_cost_micro_usd).toBe(cost)
    const { stats, series } = await traceStatsForOps(a.scope, asked(window))
    expect(stats.total_cost_micro_usd).toBe(cost)
    expect(series.reduce((sum, point) => sum + point.total_cost_micro_usd, 0)).toBe(cost)
  })

  it('open to one side reach as far as there is anything', async () => {
    const [a] = await filled()
    const from = await traceStats(a.scope, { start_date: at('11:00:00.000').toISOString() })
    expect(from.stats.total_cost_micro_usd).toBe(111_000)
    const until = await traceStats(a.scope, { end_date: at('10:59:59.999').toISOString() })
    expect(until.stats.total_cost_micro_usd).toBe(111)
  })

  it('come in parts and in their course', async () => {
    const [a] = await filled()
    const window = { start_date: at('08:00:00.000').toISOString(), end_date: at('12:30:00.000').toISOString() }
    const reply = await traceStatsForOps(a.scope, asked(window))
    expect(OpsTraceStats.parse(reply)).toEqual(reply)
    expect(reply.window.bucket).toBe('hour')
    expect(reply.series.map(({ at: hour, traces, errors }) => [hour.slice(11, 13), traces, errors])).toEqual([
      ['08', 0, 0],
      ['09', 1, 0],
      ['10', 2, 2],
      ['11', 2, 0],
      ['12', 1, 0],
    ])
    expect(reply.by_model.map(({ name, traces }) => [name, traces])).toEqual([
      ['gpt-4o', 5],
      ['claude', 1],
    ])
    expect(reply.by_status[0]).toMatchObject({ name: 'success', traces: 3, errors: 0 })
    expect(reply.by_workspace.map(({ name }) => name)).toEqual(['default', 'sales'])
    expect(reply.by_role.map(({ name }) => name)).toEqual(['', 'r'])
    expect(reply.stats).toMatchObject({ tokens: { input: 67, output: 30, cache_read: 7 } })
    const days = await traceStatsForOps(a.scope, asked({ ...window, bucket: 'day' }))
    expect(days.series).toMatchObject([{ at: '2026-03-01T00:00:00.000Z', traces: 6, by_status: { success: 3 } }])
  })

  it('of a part of the tenant are narrowed, and a filter may name one', async () => {
    const [a] = await filled()
    const limited = scopeOf(identityOf(a.id, 'viewer', { workspaceIds: ['sales', 'none'] }))
    expect((await traceStatsForOps(limited, asked())).stats.total_traces).toBe(1)
    const user = scopeOf(identityOf(a.id, 'viewer', { plane: 'service', userId: 'nobody' }))
    expect((await traceStats(user, {})).stats.total_traces).toBe(0)
    expect((await traceStats(a.scope, { model: 'claude' })).stats).toMatchObject({ total_traces: 1, error_rate: 1 })
    expect((await traceStats(a.scope, { risk_level: 'high', status: 'success' })).stats.total_traces).toBe(1)
  })

  it('forget what was taken from them', async () => {
    const [a] = await twoTenants()
    const id = await ended(a, { costMicroUsd: 5n })
    await a.scope.command({ audit: [], writes: [takeFromRollup(id)] })
    expect((await traceStats(a.scope, {})).stats).toMatchObject({
      ...{ total_traces: 0, traces_by_status: {}, error_rate: 0, avg_duration_ms: 0, p50_duration_ms: null },
    })
    const { series } = await traceStatsForOps(a.scope, asked())
    expect(series).toHaveLength(1)
  })

  it('are a thousand points at most, the newest', async () => {
    const [a] = await twoTenants()
    const { series } = await traceStatsForOps(
      a.scope,
      asked({ start_date: '2020-01-01T00:00:00.000Z', end_date: '2026-03-01T12:00:00.000Z', bucket: 'hour' }),
    )
    expect(series).toHaveLength(1_000)
    expect(series.at(-1)?.at).toBe('2026-03-01T12:00:00.000Z')
  })
})

describe('a window', () => {
  const hour = 3_600_000
  it.each([
    [
      { start: null, end: null },
      { hours: { start: null, end: null }, edges: [] },
    ],
    [
      { start: 0, end: hour - 1 },
      { hours: { start: 0, end: hour }, edges: [] },
    ],
    [
      { start: 1, end: 2 * hour },
      {
        hours: { start: hour, end: 2 * hour },
        edges: [
          { start: 1, end: hour - 1 },
          { start: 2 * hour, end: 2 * hour },
        ],
      },
    ],
    [
      { start: 5, end: 9 },
      { hours: null, edges: [{ start: 5, end: 9 }] },
    ],
    [
      { start: 9, end: 5 },
      { hours: null, edges: [] },
    ],
  ])('%j is whole hours and what is left', (window, parts) => {
    expect(partsOf(window)).toEqual(parts)
  })

  it('durations are read from their buckets', () => {
    const histogram = histogramOf([
      [durationBucketOf(10), 90],
      [durationBucketOf(1_000), 9],
      [durationBucketOf(60_000), 1],
    ])
    expect(percentileOf(histogram, 0.5)).toBeCloseTo(10, -1)
    expect(Math.abs((percentileOf(histogram, 0.95) ?? 0) - 1_000)).toBeLessThan(100)
    expect(percentileOf(histogramOf([]), 0.5)).toBeNull()
  })
})
