import { afterEach, describe, expect, it } from 'vitest'
import { dateOf, fixedClock } from '@/lib/core/clock'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { traceStatsForOps } from '@/lib/tracing'
import { OpsStatsQuery } from '@/lib/tracing/contract'
import { OverviewView } from '../contract'
import { overview } from '../index'
import { leastRate } from './runs'

const START = dateOf('2026-03-10T12:20:00.000Z')
const clock = fixedClock(START)

const textsOf = ({ headlines }: OverviewView) => headlines.map(({ level, text }) => `${level}: ${text}`)

describe('the least rate that so few runs can tell of', () => {
  it('says nothing of nothing, little of one, much of many', () => {
    expect(leastRate(0, 0)).toBe(0)
    expect(leastRate(0, 1_000)).toBe(0)
    expect(leastRate(1, 1)).toBeCloseTo(0.21, 1)
    expect(leastRate(300, 1_000)).toBeGreaterThan(0.27)
    expect(leastRate(300, 1_000)).toBeLessThan(0.3)
  })
})

describeEachDialect('runs on the overview', (dialect) => {
  useKernel(dialect, { clock })
  afterEach(() => clock.set(START))

  const run = async (tenant: Awaited<ReturnType<typeof newTenant>>, at: string, status: 'success' | 'error', n = 1) => {
    clock.set(dateOf(at))
    for (let i = 0; i < n; i++) await recordRun(tenant.scope, { status })
    clock.set(START)
  }

  it('are those of the statistics page, by whole hours, of the own tenant', async () => {
    const [a, b] = await twoTenants()
    await run(b, '2026-03-10T12:10:00.000Z', 'error', 2)
    await run(a, '2026-03-10T12:10:00.000Z', 'success', 2)
    await run(a, '2026-03-10T12:11:00.000Z', 'error')
    await run(a, '2026-03-09T13:00:00.000Z', 'success')
    await run(a, '2026-03-09T12:59:59.999Z', 'success')
    clock.set(START)
    await recordRun(a.scope, { isRunning: true })
    const view = await overview(a.scope)
    expect(OverviewView.parse(view)).toEqual(view)
    expect(view.runs).toMatchObject({
      ...{ since: '2026-03-09T13:00:00.000Z', total: 4, failed: 1, running: 1, paused: 0, usual_rate: null },
    })
    expect(view.runs?.by_hour).toHaveLength(24)
    expect(view.runs?.by_hour.at(-1)).toEqual({ at: '2026-03-10T12:00:00.000Z', runs: 3, errors: 1 })
    const query = OpsStatsQuery.parse({ start_date: view.runs?.since })
    const { stats, series } = await traceStatsForOps(a.scope, query)
    expect(stats.total_traces).toBe(view.runs?.total)
    expect(series.map(({ at, traces, errors }) => ({ at, runs: traces, errors }))).toEqual(view.runs?.by_hour)
    const week = await overview(a.scope, { days: '7' })
    expect(week.runs).toMatchObject({ total: 5, since: '2026-03-03T13:00:00.000Z' })
    expect(week.runs?.by_hour).toHaveLength(168)
    const fenced = scopeOf(identityOf(a.id, 'operator', { workspaceIds: ['other'] }))
    expect((await overview(fenced)).runs).toMatchObject({ total: 0, running: 0 })
  })

  it('that fail more than usual are told with what is usual; the provider that did not answer is named', async () => {
    const tenant = await newTenant()
    await run(tenant, '2026-03-08T12:00:00.000Z', 'success', 24)
    await run(tenant, '2026-03-08T12:30:00.000Z', 'error')
    await run(tenant, '2026-03-10T11:30:00.000Z', 'success')
    await run(tenant, '2026-03-10T11:31:00.000Z', 'error', 2)
    expect(textsOf(await overview(tenant.scope)).join()).not.toContain('runs failed since')
    await run(tenant, '2026-03-10T12:01:00.000Z', 'error', 3)
    const view = await overview(tenant.scope)
    expect(view.runs?.usual_rate).toBeCloseTo(1 / 25)
    expect(view.status).toBe('error')
    expect(view.headlines).toContainEqual({
      level: 'error',
      text: '5 of 6 runs failed since 11:00 UTC',
      detail: '83 %, usually 4.0 %',
      href: '/ops/stats?start_date=2026-03-10T11%3A00%3A00.000Z',
    })
    expect(view.headlines).toContainEqual({
      level: 'attention',
      text: '5 runs with openai failed since 11:00 UTC',
      detail: '5 × No model answered',
      href: '/ops/traces?provider=openai&status=error&start_date=2026-03-10T11%3A00%3A00.000Z',
    })
  })

  it('that stay away are missed, where they always came at this hour', async () => {
    const tenant = await newTenant()
    for (let day = 3; day <= 9; day++)
      await run(tenant, `2026-03-0${day}T11:30:00.000Z`, 'success', day === 5 ? 26 : 20)
    expect(textsOf(await overview(tenant.scope))).toContain('attention: No run has ended since 11:00 UTC')
    await run(tenant, '2026-03-10T12:00:00.000Z', 'success')
    expect(textsOf(await overview(tenant.scope)).join()).not.toContain('No run has ended')
  }, 60_000)
})
