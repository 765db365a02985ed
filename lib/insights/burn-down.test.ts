import { expect, it } from 'vitest'
import { dateOf, fixedClock } from '@/lib/core/clock'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { type Charge, chargeWrites, setBudget } from '@/lib/governance'
import { BudgetChange } from '@/lib/governance/contract/budget'
import { uuidv7 } from '@/lib/shared/id'
import { microUsd } from '@/lib/shared/money'
import { burnDown as contract } from './contract'
import { burnDown } from './index'

const clock = fixedClock(dateOf('2026-03-28T10:00:00.000Z'))

const charged = async ({ scope }: TestTenant, at: string, cost: number, over: Partial<Charge> = {}) => {
  clock.set(dateOf(at))
  const line: Charge = {
    id: uuidv7(clock.now().getTime()),
    traceId: null,
    adapterId: null,
    workspaceId: 'default',
    environment: 'production',
    role: null,
    userId: null,
    kind: 'send',
    provider: 'openai',
    model: 'gpt-4o',
    cost: microUsd(cost),
    ...over,
  }
  await scope.command({ audit: [], writes: chargeWrites(scope, line) })
}

const spentOf = async (tenantId: string, id: string) => {
  const row = await systemDb().budget.findUniqueOrThrow({ where: { tenantId_id: { tenantId, id } } })
  return Number(row.spentMicroUsd)
}

const burn = async (tenant: TestTenant, scope = 'tenant') => {
  const found = contract.reply.parse(await burnDown(tenant.scope, { scope })).burn
  if (!found) throw new Error(`${scope} has no budget`)
  return found
}

describeEachDialect('how a budget is used up', (dialect) => {
  useKernel(dialect, { clock })

  it('is counted day after day of its own time zone, and comes to what the budget says', async () => {
    clock.set(dateOf('2026-03-28T10:00:00.000Z'))
    const a = await newTenant()
    await setBudget(a.scope, BudgetChange.parse({ budget_usd: 0.001, period: 'weekly', timezone: 'Europe/Berlin' }))
    await charged(a, '2026-03-28T22:30:00.000Z', 100)
    await charged(a, '2026-03-28T23:30:00.000Z', 20)
    await charged(a, '2026-03-29T09:00:00.000Z', 3)
    const found = await burn(a)
    expect(found).toMatchObject({
      period_start: '2026-03-22T23:00:00.000Z',
      period_end: '2026-03-29T22:00:00.000Z',
      spent_micro_usd: 123,
      budget_micro_usd: 1_000,
      days_remaining: 1,
      average_daily_micro_usd: 18,
      projected_micro_usd: 141,
      runs_out_at: null,
      bucket: 'day',
    })
    expect(found.spent_micro_usd).toBe(await spentOf(a.id, 'tenant'))
    expect(found.points.map(({ at, spent_micro_usd: spent }) => [at.slice(5, 16), spent])).toEqual([
      ['03-22T23:00', 0],
      ['03-23T23:00', 0],
      ['03-24T23:00', 0],
      ['03-25T23:00', 0],
      ['03-26T23:00', 0],
      ['03-27T23:00', 0],
      ['03-28T23:00', 100],
      ['03-29T09:00', 123],
      ['03-29T22:00', null],
    ])
    expect(found.points.filter((point) => point.projected_micro_usd !== null)).toMatchObject([
      { projected_micro_usd: 123 },
      { projected_micro_usd: 141 },
    ])
  })

  it('counts what the scope of the budget counts', async () => {
    clock.set(dateOf('2026-04-02T10:00:00.000Z'))
    const a = await newTenant()
    const scopes = [
      'tenant',
      'workspace:sales',
      'environment:staging',
      'environment:sales/staging',
      'role:clerk',
      'user:ada',
    ]
    for (const scope of scopes) await setBudget(a.scope, BudgetChange.parse({ scope, budget_usd: 1 }))
    await charged(a, '2026-04-02T11:00:00.000Z', 1)
    await charged(a, '2026-04-02T11:01:00.000Z', 10, { workspaceId: 'sales' })
    await charged(a, '2026-04-02T11:02:00.000Z', 100, { environment: 'staging' })
    await charged(a, '2026-04-02T11:03:00.000Z', 1_000, { workspaceId: 'sales', environment: 'staging' })
    await charged(a, '2026-04-02T11:04:00.000Z', 10_000, { role: 'clerk', userId: 'ada' })
    const found = await Promise.all(scopes.map(async (scope) => (await burn(a, scope)).spent_micro_usd))
    expect(found).toEqual([11_111, 1_010, 1_100, 1_000, 10_000, 10_000])
    expect(found).toEqual(await Promise.all(scopes.map((scope) => spentOf(a.id, scope))))
  })

  it('says when it runs out at this pace, and that it has', async () => {
    clock.set(dateOf('2026-04-02T00:00:00.000Z'))
    const a = await newTenant()
    await setBudget(a.scope, BudgetChange.parse({ budget_usd: 0.0001, period: 'daily', hard_limit: false }))
    await charged(a, '2026-04-02T12:00:00.000Z', 75)
    const found = await burn(a)
    expect(found).toMatchObject({ bucket: 'hour', projected_micro_usd: 150, runs_out_at: '2026-04-02T16:00:00.000Z' })
    expect(found.points).toHaveLength(25)
    await charged(a, '2026-04-02T13:00:00.000Z', 75)
    expect((await burn(a)).runs_out_at).toBe('2026-04-02T13:00:00.000Z')
  })

  it('begins anew with the period', async () => {
    clock.set(dateOf('2026-04-02T00:00:00.000Z'))
    const a = await newTenant()
    await setBudget(a.scope, BudgetChange.parse({ budget_usd: 1, period: 'daily' }))
    await charged(a, '2026-04-02T12:00:00.000Z', 75)
    clock.set(dateOf('2026-04-03T01:00:00.000Z'))
    expect(await burn(a)).toMatchObject({ period_start: '2026-04-03T00:00:00.000Z', spent_micro_usd: 0 })
  })

  it('of years keeps to some hundred points, of what lies ahead says nothing yet', async () => {
    clock.set(dateOf('2026-04-02T00:00:00.000Z'))
    const a = await newTenant()
    const span = { period_start: '2026-05-01T00:00:00.000Z', period_end: '2036-05-01T00:00:00.000Z' }
    await setBudget(a.scope, BudgetChange.parse({ budget_usd: 1, ...span }))
    const found = await burn(a)
    expect(found.points.length).toBeLessThanOrEqual(368)
    expect(found).toMatchObject({ spent_micro_usd: 0, runs_out_at: null })
    expect(found.points.every(({ spent_micro_usd: spent }) => spent === null)).toBe(true)
  })

  it('is nothing where no budget is, and nobody else’s', async () => {
    clock.set(dateOf('2026-04-02T00:00:00.000Z'))
    const [a, b] = await twoTenants()
    await setBudget(a.scope, BudgetChange.parse({ scope: 'workspace:sales', budget_usd: 1 }))
    expect(await burnDown(b.scope, { scope: 'workspace:sales' })).toEqual({ burn: null })
    expect(await burnDown(a.scope, { scope: 'workspace:none' })).toEqual({ burn: null })
    const other = scopeOf(identityOf(a.id, 'operator', { workspaceIds: ['other'] }))
    await expect(burnDown(other, { scope: 'workspace:sales' })).rejects.toMatchObject({
      code: 'workspace_access_denied',
    })
  })
})
