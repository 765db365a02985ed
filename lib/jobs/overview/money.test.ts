import { expect, it } from 'vitest'
import { dateOf, fixedClock } from '@/lib/core/clock'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { chargeWrites, setBudget } from '@/lib/governance'
import { BudgetChange } from '@/lib/governance/contract'
import { microUsd } from '@/lib/shared/money'
import { OverviewView } from '../contract'
import { overview } from '../index'
import { moneyHeadlines } from './money'

const clock = fixedClock(dateOf('2026-03-10T12:00:00.000Z'))

describeEachDialect('money on the overview', (dialect) => {
  useKernel(dialect, { clock })

  const charge = (tenant: Awaited<ReturnType<typeof newTenant>>, id: string, cost: number) =>
    tenant.scope.command({
      audit: [],
      writes: chargeWrites(tenant.scope, {
        ...{ id, traceId: null, adapterId: null, workspaceId: 'default', environment: 'production' },
        ...{ role: null, userId: null, kind: 'send', provider: 'openai', model: 'gpt-4o', cost: microUsd(cost) },
      }),
    })

  it('is what the ledger says of the month, and of the budget to those who may see it', async () => {
    const [a, b] = await twoTenants()
    await charge(b, 'foreign', 900)
    await setBudget(a.scope, BudgetChange.parse({ budget_usd: 0.001, period: 'daily' }))
    clock.set(dateOf('2026-03-09T12:00:00.000Z'))
    await charge(a, 'yesterday', 100)
    clock.set(dateOf('2026-03-10T12:00:00.000Z'))
    await charge(a, 'today', 20)
    const view = await overview(a.scope)
    expect(OverviewView.parse(view)).toEqual(view)
    expect(view.money).toEqual({
      month_micro_usd: 120,
      budget: {
        spent_micro_usd: 20,
        reserved_micro_usd: 0,
        budget_micro_usd: 1_000,
        alert_threshold: 0.8,
        hard_limit: true,
        period_end: '2026-03-11T00:00:00.000Z',
      },
      crossed: [],
    })
    expect((await overview(a.as('viewer'))).money).toEqual({ month_micro_usd: 120, budget: null, crossed: [] })
    const fenced = scopeOf(identityOf(a.id, 'operator', { workspaceIds: ['other'] }))
    expect((await overview(fenced)).money).toMatchObject({ month_micro_usd: 0, crossed: [] })
  })

  it('names budgets that are nearly or wholly used up, in their own period only', async () => {
    const tenant = await newTenant()
    const scopes = {
      'workspace:sales': [85n, true, false],
      tenant: [100n, true, true],
      'role:old': [99n, true, true],
    } as const
    for (const [id, [spent, isWarned, isExceeded]] of Object.entries(scopes)) {
      const now = clock.now()
      const end = id === 'role:old' ? now : dateOf(now.getTime() + 1_000)
      await systemWrite(({ client }) =>
        client.budget.create({
          data: {
            ...{ tenantId: tenant.id, id, limitMicroUsd: 100n, spentMicroUsd: spent, createdAt: now, updatedAt: now },
            ...{ periodStart: dateOf('2026-03-01T00:00:00.000Z'), periodEnd: end, period: 'custom' },
            ...{ warnedAt: isWarned ? now : null, exceededAt: isExceeded ? now : null },
          },
        }),
      )
    }
    const { money, headlines } = await overview(tenant.scope)
    expect(new Set(money.crossed.map(({ scope }) => scope))).toEqual(new Set(['tenant', 'workspace:sales']))
    const told = ['The budget of the whole tenant is used up', '85 % of the budget of workspace sales is spent']
    expect(new Set(moneyHeadlines(money).map(({ text }) => text))).toEqual(new Set(told))
    expect(headlines.map(({ text }) => text)).toEqual(expect.arrayContaining(told))
  })
})
