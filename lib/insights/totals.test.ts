import { beforeEach, expect, it } from 'vitest'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { demoRuns } from '@/lib/core/testing/demo-runs'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { setBudget, usage } from '@/lib/governance'
import { BudgetChange } from '@/lib/governance/contract/budget'
import { listTracesForOps, traceStatsForOps } from '@/lib/tracing'
import { OpsStatsQuery, opsListTraces } from '@/lib/tracing/contract'
import { costDashboard as costContract, riskDashboard as riskContract } from './contract'
import { burnDown, costDashboard, riskDashboard } from './index'

const PLAYED = ['a plain answer', 'a failure', 'the fallback', 'a summary', 'a task that is corrected', 'a stream']

describeEachDialect('what the dashboards say of real runs', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  it('is what the ledger, the usage, the list and the statistics say', async () => {
    const tenant = house.tenant()
    const scope = scopeOf(identityOf(tenant.id))
    await setBudget(scope, BudgetChange.parse({ budget_usd: 50, period: 'daily' }))
    for (const name of PLAYED) {
      house.provider.reset()
      await demoRuns[name]?.(house, tenant)
    }
    const entries = await systemDb().ledgerEntry.findMany({ where: { tenantId: tenant.id } })
    const ledger = entries.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0)
    expect(ledger).toBeGreaterThan(0)
    const { dashboard } = costContract.reply.parse(await costDashboard(scope, costContract.query.parse({ days: '2' })))
    const now = kernel().clock.now()
    const window = {
      start_date: dashboard.coverage.time_window.start,
      end_date: dateOf(Date.parse(dashboard.coverage.time_window.end) - 1).toISOString(),
    }
    expect(dashboard.total_cost_micro_usd).toBe(ledger)
    expect(dashboard.ledger).toMatchObject({
      total_cost_micro_usd: ledger,
      difference_micro_usd: 0,
      explanation: null,
    })
    expect((await usage(scope, window)).total_cost_micro_usd).toBe(ledger)
    const stats = await traceStatsForOps(scope, OpsStatsQuery.parse(window))
    expect(stats.stats.total_cost_micro_usd).toBe(ledger)
    expect(stats.stats.total_traces).toBe(dashboard.trace_count)
    const listed = await listTracesForOps(scope, opsListTraces.query.parse({ ...window, limit: 200 }))
    expect(listed.total).toBe(dashboard.trace_count)
    const { burn } = await burnDown(scope, { scope: 'tenant' })
    expect(burn?.spent_micro_usd).toBe(ledger)
    const budget = await systemDb().budget.findFirstOrThrow({ where: { tenantId: tenant.id } })
    expect(burn?.spent_micro_usd).toBe(Number(budget.spentMicroUsd))
    const { dashboard: risk } = riskContract.reply.parse(await riskDashboard(scope, riskContract.query.parse({})))
    expect(risk.trace_count).toBe(dashboard.trace_count)
    const traces = await systemDb().trace.findMany({ where: { tenantId: tenant.id } })
    const counted = (level: string | null) => traces.filter(({ riskLevel }) => riskLevel === level).length
    expect(Object.entries(risk.levels)).toEqual(Object.keys(risk.levels).map((level) => [level, counted(level)]))
    expect(risk.unscored).toBe(counted(null))
    expect(risk.top_factors.length).toBeGreaterThan(0)
    for (const { trace_count: runs, points } of risk.top_factors) {
      expect(runs).toBeLessThanOrEqual(traces.length)
      expect(points).toBeGreaterThan(0)
    }
    expect(risk.daily.at(-1)).toMatchObject({ day: now.toISOString().slice(0, 10), trace_count: risk.trace_count })
  })

  it('every cut of it adds up to the same', async () => {
    const tenant = house.tenant()
    const scope = scopeOf(identityOf(tenant.id))
    house.provider.script({ text: 'One.' })
    await tenant.json('send', tenant.say('Hello', { session_key: 'user:u1:researcher' }))
    await demoRuns['a summary']?.(house, tenant)
    for (const by of ['workspace', 'model', 'role', 'environment'] as const) {
      const { dashboard } = await costDashboard(scope, costContract.query.parse({ by }))
      const total = dashboard.total_cost_micro_usd
      expect(total).toBeGreaterThan(0)
      const sum = (rows: readonly { total_cost_micro_usd: number }[]) =>
        rows.reduce((all, row) => all + row.total_cost_micro_usd, 0)
      for (const rows of [dashboard.daily, dashboard.by_workspace, dashboard.by_model, dashboard.by_role])
        expect(sum(rows)).toBe(total)
      expect(sum(dashboard.by_environment)).toBe(total)
      expect(sum(dashboard.by_origin)).toBe(total)
      const stacked = dashboard.parts.daily.flatMap(({ costs_micro_usd: costs }) => costs)
      expect(stacked.reduce((all, cost) => all + cost, 0)).toBe(total)
      expect(dashboard.parts.daily).toHaveLength(30)
    }
  })
})
