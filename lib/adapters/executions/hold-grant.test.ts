import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { allowed, approve, asking, codeOf, rule } from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useTelemetryHouse } from '@/lib/core/testing/telemetry-house'
import { giveBackWrites, proveLedger, setBudget, usage } from '@/lib/governance'
import { costDashboard } from '@/lib/insights'
import { endInterruptedRuns } from '@/lib/jobs/end-interrupted'
import { uuidv7 } from '@/lib/shared/id'
import { authorizeTool, ingestCost, ingestTrace, requestExecution } from '../index'

describeEachDialect('what an external agent is granted is held', (dialect) => {
  const { clock, state, plain, trace, cost } = useTelemetryHouse(dialect)

  const budget = (usd: number, over: object = {}) =>
    setBudget(state.tenant.scope, { scope: 'tenant', budget_usd: usd, hard_limit: true, ...over } as never)
  const ask = (over: Parameters<typeof asking>[1]) => requestExecution(state.agent, asking(state.tenant.id, over))
  const grant = (over: Parameters<typeof asking>[1] = {}) =>
    allowed(state.tenant, state.agent, { execution_id: 'run', ...over })
  const sums = async () => {
    const row = await systemDb().budget.findFirst({ where: { tenantId: state.tenant.id, id: 'tenant' } })
    return [Number(row?.spentMicroUsd) / 1e6, Number(row?.reservedMicroUsd) / 1e6]
  }
  const sweep = () =>
    endInterruptedRuns.start(state.tenant.scope, {}, {
      signal: new AbortController().signal,
      inTenant: () => state.tenant.scope,
    } as never)
  const isProven = async () => expect((await proveLedger(state.tenant.scope)).differences).toEqual([])

  it('until it is told: each cost takes from it, its trace gives back the rest', async () => {
    await rule(state.tenant, 'allow')
    await budget(10)
    await grant({ max_cost: 6 })
    expect(await sums()).toEqual([0, 6])
    await ingestCost(state.agent, cost(1))
    expect(await sums()).toEqual([1, 5])
    await ingestCost(state.agent, cost(7))
    expect(await sums()).toEqual([8, 0])
    await isProven()
    await grant({ execution_id: 'two', max_cost: 2 })
    expect(await sums()).toEqual([8, 2])
    const other = { execution_id: 'two', trace_id: uuidv7(clock.now().getTime()) }
    await ingestTrace(state.agent, plain(trace(), other))
    expect(await sums()).toEqual([8, 0])
    await ingestCost(state.agent, cost(0.5, other))
    expect(await sums()).toEqual([8.5, 0])
    await isProven()
  })

  it('of two that ask at once for more than there is, one is granted', { timeout: 60_000 }, async () => {
    await rule(state.tenant, 'allow')
    await budget(10)
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => ask({ execution_id: `r${n}`, max_cost: 6 })))
    expect(all.filter(({ allowed: is }) => is)).toHaveLength(1)
    for (const reply of all.filter(({ allowed: is }) => !is))
      expect(reply).toMatchObject({ decision: 'deny', blocked_reason: 'budget_exceeded' })
    expect(await sums()).toEqual([0, 6])
    const rest = await Promise.all(
      Array.from({ length: 4 }, (_, n) => ask({ execution_id: `s${n}`, max_cost: 6, estimated_cost: 1 })),
    )
    const given = rest.reduce((sum, { granted_scope: scope }) => sum + (scope?.max_cost ?? 0), 0)
    expect(given).toBe(4)
    expect(await sums()).toEqual([0, 10])
    await isProven()
  })

  it('the same request many times at once holds once', async () => {
    await rule(state.tenant, 'allow')
    await budget(10)
    const all = await Promise.all(Array.from({ length: 8 }, () => ask({ execution_id: 'same', max_cost: 6 })))
    expect(new Set(all.map(({ decision_id: id }) => id)).size).toBe(1)
    expect(all.every(({ allowed: is }) => is)).toBe(true)
    expect(await sums()).toEqual([0, 6])
  })

  it('no longer than it lives, and costs that are told after that count once', async () => {
    await rule(state.tenant, 'allow')
    await budget(10)
    await grant({ max_cost: 6 })
    await ingestCost(state.agent, cost(1))
    clock.advance(15 * 60_000 - 1)
    await sweep()
    expect(await sums()).toEqual([1, 5])
    clock.advance(2)
    await sweep()
    await sweep()
    expect(await sums()).toEqual([1, 0])
    await ingestCost(state.agent, cost(2))
    expect(await sums()).toEqual([3, 0])
    await ingestTrace(state.agent, plain(trace()))
    expect(await sums()).toEqual([3, 0])
    await isProven()
  })

  it('what is swept while it is told is booked once', { timeout: 60_000 }, async () => {
    await rule(state.tenant, 'allow')
    await budget(100)
    const { decision_id: id } = await grant({ max_cost: 6 })
    clock.advance(15 * 60_000 + 1)
    await Promise.all([
      ...[0.5, 0.25, 0.125].map((usd) =>
        ingestCost(state.agent, cost(usd, { trace_id: uuidv7(clock.now().getTime()) })),
      ),
      sweep(),
      state.tenant.scope.command({ audit: [], writes: giveBackWrites(state.tenant.scope, id) }),
      sweep(),
    ])
    expect(await sums()).toEqual([0.875, 0])
    await isProven()
  })

  it('in the period in which it was granted, also when its cost comes in the next', async () => {
    clock.set(new Date(`${clock.now().toISOString().slice(0, 10)}T23:55:00.000Z`))
    await rule(state.tenant, 'allow')
    await budget(10, { period: 'daily', timezone: 'UTC' })
    await grant({ max_cost: 6 })
    clock.advance(6 * 60_000)
    await budget(10)
    expect(await sums()).toEqual([0, 0])
    await ingestCost(state.agent, cost(1))
    await ingestTrace(state.agent, plain(trace()))
    expect(await sums()).toEqual([1, 0])
    await isProven()
  })

  it('not before a person approved it, and only what is left by then', async () => {
    await rule(state.tenant, 'require_approval')
    await budget(10)
    const first = await ask({ execution_id: 'run', max_cost: 6 })
    expect(await sums()).toEqual([0, 0])
    await ingestCost(state.agent, cost(9, { execution_id: 'other' }))
    await approve(state.tenant, first.decision_id)
    const all = await Promise.all(Array.from({ length: 4 }, () => ask({ execution_id: 'run', max_cost: 6 })))
    for (const reply of all) expect(reply).toMatchObject({ allowed: true, granted_scope: { max_cost: 1 } })
    expect(await sums()).toEqual([9, 1])
    const row = await systemDb().execution.findFirst({ where: { tenantId: state.tenant.id, id: 'run' } })
    expect(row).toMatchObject({ maxCostMicroUsd: 1_000_000n })
    await isProven()
  })

  it('what was approved waits for money while the approval can be used', async () => {
    await rule(state.tenant, 'require_approval')
    await budget(1)
    const body = { execution_id: 'run', max_cost: 1 }
    const first = await ask(body)
    await ingestCost(state.agent, cost(1, { execution_id: 'other' }))
    await approve(state.tenant, first.decision_id)
    expect(await codeOf(ask(body))).toBe('budget_exhausted')
    const tool = { execution_id: 'run', adapter_id: 'coder', tool: 'file_read' }
    expect(await codeOf(authorizeTool(state.agent, tool))).toBe('budget_exhausted')
    await budget(5)
    expect(await ask(body)).toMatchObject({ allowed: true, granted_scope: { max_cost: 1 } })
  })

  it('a ledger that cannot be read: 503, and nothing is granted, booked or shown', async () => {
    await rule(state.tenant, 'allow')
    const rename = (from: string, to: string) =>
      kernel().db.writer.transaction(null, ({ client }) =>
        client.$executeRawUnsafe(`ALTER TABLE "${from}" RENAME TO "${to}"`),
      )
    await rename('LedgerEntry', 'LedgerElsewhere')
    try {
      const { scope } = state.tenant
      const codes = [
        await codeOf(ask({ execution_id: 'run', max_cost: 6 })),
        await codeOf(ingestCost(state.agent, cost(1))),
        await codeOf(usage(scope, {})),
        await codeOf(costDashboard(scope, { days: 2, by: 'workspace' })),
      ]
      expect(new Set(codes)).toEqual(new Set(['ledger_unavailable']))
    } finally {
      await rename('LedgerElsewhere', 'LedgerEntry')
    }
    expect(await systemDb().execution.count({ where: { tenantId: state.tenant.id } })).toBe(0)
    expect(await ask({ execution_id: 'run', max_cost: 6 })).toMatchObject({ allowed: true })
  })

  it('nothing where no cost was named, and nothing is granted twice over a cap of one run', async () => {
    await rule(state.tenant, 'allow')
    await budget(10, { per_run_usd: 2 })
    expect(await grant()).toMatchObject({ granted_scope: { max_cost: 2 } })
    expect(await sums()).toEqual([0, 0])
    const two = [ask({ execution_id: 'a', max_cost: 2 }), ask({ execution_id: 'b', max_cost: 2 })]
    expect((await Promise.all(two)).every(({ allowed: is }) => is)).toBe(true)
    expect(await sums()).toEqual([0, 4])
    expect(kernel().env.CLASPER_MODE).toBe('guarded')
  })
})
