import { expect, it } from 'vitest'
import { dateOf, fixedClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { chargeWrites } from '@/lib/governance'
import { microUsd } from '@/lib/shared/money'
import { jobScope } from './job-scope'
import { watchBudgets } from './watch-budgets'

const NOON = new Date('2026-05-20T12:00:00Z')
const clock = fixedClock(NOON)

describeEachDialect('the watch over budgets', (dialect) => {
  useKernel(dialect, { clock })

  const look = () =>
    watchBudgets.start(jobScope('system.watch-budgets', 'system'), {}, {
      inTenant: (id: string) => jobScope('system.watch-budgets', id),
      signal: new AbortController().signal,
    } as never)

  it('begins periods, tells each threshold once in a period, and again in the next one', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const budget = {
      tenantId: tenant.id,
      id: 'tenant',
      period: 'daily',
      isHard: false,
      createdAt: NOON,
      updatedAt: NOON,
    }
    await systemWrite(({ client }) => client.budget.create({ data: { ...budget, limitMicroUsd: 100 } }))
    const read = () => systemDb().budget.findFirstOrThrow({ where: { tenantId: tenant.id } })
    const news = async () =>
      (await systemDb().outboxEvent.findMany({ where: { tenantId: tenant.id }, orderBy: { id: 'asc' } })).map(
        ({ topic, payload }) => [topic, (typeof payload === 'string' ? JSON.parse(payload) : payload).level],
      )
    const spend = (id: string, cost: number) => {
      const what = {
        workspaceId: 'w',
        environment: 'e',
        role: null,
        userId: null,
        kind: 'x',
        provider: 'p',
        model: 'm',
      }
      const line = { id, traceId: null, adapterId: 'a', cost: microUsd(cost), ...what }
      return tenant.scope.command({ audit: [], writes: chargeWrites(tenant.scope, line) })
    }
    await look()
    expect(await read()).toMatchObject({ periodStart: dateOf('2026-05-20T00:00:00Z'), warnedAt: null })
    await spend('one', 79)
    await look()
    expect(await news()).toEqual([])
    await spend('two', 1)
    await Promise.all([look(), look()])
    await look()
    expect(await news()).toEqual([['budget.threshold', 'warning']])
    await spend('three', 21)
    await look()
    await look()
    expect(await news()).toEqual([
      ['budget.threshold', 'warning'],
      ['budget.threshold', 'exceeded'],
    ])
    expect((await tenant.audits()).map(({ eventType }) => eventType)).toEqual(['budget_warning'])
    clock.advance(86_400_000)
    await look()
    expect(await read()).toMatchObject({ spentMicroUsd: 0n, warnedAt: null, exceededAt: null })
    expect(kernel().isStopping).toBe(false)
    await spend('four', 90)
    await look()
    expect((await tenant.audits()).map(({ eventType }) => eventType)).toEqual(['budget_warning', 'budget_warning'])
  })
})
