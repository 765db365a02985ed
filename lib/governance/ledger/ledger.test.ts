import { beforeEach, expect, it } from 'vitest'
import { dateOf, fixedClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { NO_USAGE } from '@/lib/shared/chat'
import { uuidv7 } from '@/lib/shared/id'
import { microUsd } from '@/lib/shared/money'
import { rollStale } from './budgets'
import { chargeWrites, type Reservation, reserveWrites, type Settlement, settleWrites } from './lines'
import { refusalOf } from './refusal'

const NOON = new Date('2026-05-20T12:00:00Z')
const clock = fixedClock(NOON)

describeEachDialect('reservations', (dialect) => {
  useKernel(dialect, { clock })
  let tenant: TestTenant
  beforeEach(async () => {
    clock.set(NOON)
    tenant = await newTenant()
  })

  const line = (amount: number, over: Partial<Reservation> = {}): Reservation => ({
    id: uuidv7(kernel().clock.now().getTime()),
    traceId: uuidv7(0),
    workspaceId: 'default',
    environment: 'prod',
    role: 'agent',
    userId: 'ann',
    kind: 'send',
    provider: 'openai',
    model: 'gpt-4o',
    amount: microUsd(amount),
    priceVersion: 'v',
    leaseUntil: dateOf(kernel().clock.now().getTime() + 60_000),
    ...over,
  })
  const ask = async (...lines: Reservation[]) =>
    (await tenant.scope.command({ audit: [], writes: reserveWrites(tenant.scope, lines) })).applied
  const reserve = async (...lines: Reservation[]) =>
    (await ask(...lines)) || ((await rollStale(tenant.scope, null)) && (await ask(...lines)))
  const tell = (id: string, state: Settlement['state'], cost: number) =>
    tenant.scope.command({
      audit: [],
      writes: settleWrites(tenant.scope, [{ id, state, cost: microUsd(cost), usage: NO_USAGE, isEstimated: false }]),
    })
  const budget = (id: string, limit: number, over: object = {}) =>
    systemWrite(({ client }) =>
      client.budget.create({
        data: {
          ...{ tenantId: tenant.id, id, limitMicroUsd: limit, period: 'daily', createdAt: NOON, updatedAt: NOON },
          ...over,
        },
      }),
    )
  const sums = async (id: string) => {
    const row = await systemDb().budget.findUniqueOrThrow({ where: { tenantId_id: { tenantId: tenant.id, id } } })
    return [Number(row.spentMicroUsd), Number(row.reservedMicroUsd)]
  }
  const history = () =>
    systemDb().budgetPeriod.findMany({ where: { tenantId: tenant.id }, orderBy: { periodStart: 'asc' } })

  it('count in every budget of theirs and in no other, all or nothing', async () => {
    const theirs = ['tenant', 'workspace:default', 'environment:prod', 'environment:default/prod', 'role:agent']
    for (const id of theirs) await budget(id, 100)
    await budget('user:ann', 60)
    for (const id of ['workspace:other', 'environment:dev', 'environment:other/prod', 'role:x', 'user:bob'])
      await budget(id, 1)
    expect(await reserve(line(50))).toBe(true)
    for (const id of [...theirs, 'user:ann']) expect(await sums(id)).toEqual([0, 50])
    expect(await reserve(line(11))).toBe(false)
    for (const id of [...theirs, 'user:ann']) expect(await sums(id)).toEqual([0, 50])
    expect(await reserve(line(10), line(1, { userId: null }))).toBe(true)
    expect(await sums('user:ann')).toEqual([0, 60])
    expect(await sums('tenant')).toEqual([0, 61])
    for (const id of ['workspace:other', 'environment:dev', 'user:bob']) expect(await sums(id)).toEqual([0, 0])
  })

  it('become what they cost, once', async () => {
    await budget('tenant', 100)
    const one = line(60)
    expect(await reserve(one)).toBe(true)
    expect(await sums('tenant')).toEqual([0, 60])
    await Promise.all([tell(one.id, 'expired', 60), tell(one.id, 'settled', 20), tell(one.id, 'expired', 60)])
    expect(await sums('tenant')).toEqual([20, 0])
    await tell(one.id, 'settled', 50)
    await tell(one.id, 'released', 0)
    expect(await sums('tenant')).toEqual([20, 0])
    const two = line(30)
    await reserve(two)
    await tell(two.id, 'expired', 30)
    expect(await sums('tenant')).toEqual([50, 0])
    await tell(two.id, 'settled', 5)
    expect(await sums('tenant')).toEqual([25, 0])
  })

  it('a refused one counts against nobody in its group', async () => {
    await budget('tenant', 100)
    await rollStale(tenant.scope, null)
    const answers = await Promise.all([ask(line(80)), ask(line(90)), ask(line(20)), ask(line(1))])
    expect(answers).toEqual([true, false, true, false])
  })

  it('a day that is over is begun anew, and the late truth about it is told there', async () => {
    await budget('tenant', 100, { timezone: 'Europe/Berlin' })
    const late = line(70)
    expect(await reserve(late)).toBe(true)
    clock.advance(24 * 3_600_000)
    expect(await ask(line(80))).toBe(false)
    expect(await reserve(line(80))).toBe(true)
    expect(await sums('tenant')).toEqual([0, 80])
    expect(await history()).toMatchObject([{ spentMicroUsd: 0n, periodStart: dateOf('2026-05-19T22:00:00Z') }])
    await tell(late.id, 'settled', 66)
    expect(await sums('tenant')).toEqual([0, 80])
    expect(await history()).toMatchObject([{ spentMicroUsd: 66n }])
  })

  it('a clock that is behind counts into the period that another one began', async () => {
    await budget('tenant', 100)
    expect(await reserve(line(1))).toBe(true)
    clock.advance(24 * 3_600_000)
    expect(await reserve(line(60))).toBe(true)
    clock.set(NOON)
    expect(await reserve(line(60))).toBe(false)
    const behind = line(40)
    expect(await reserve(behind)).toBe(true)
    expect(await sums('tenant')).toEqual([0, 100])
    await tell(behind.id, 'settled', 30)
    expect(await sums('tenant')).toEqual([30, 60])
  })

  it('a run stays within its cap, also where its calls come together', async () => {
    await budget('role:agent', 1_000, { perRunMicroUsd: 100, isHard: false })
    await rollStale(tenant.scope, null)
    const traceId = uuidv7(0)
    const calls = [60, 30, 20].map((amount) => line(amount, { traceId }))
    expect(await Promise.all([...calls.map((call) => ask(call)), ask(line(90))])).toEqual([true, true, false, true])
    const problem = await refusalOf(tenant.scope, line(20, { traceId }))
    expect(problem).toMatchObject({
      code: 'request_exceeds_budget',
      details: { scope: 'run', budget: 'role:agent', budget_usd: 0.0001, reserved_usd: 0.00009 },
    })
  })

  it('an explicit period does not begin anew: hard refuses, soft lets pass, and before it nothing counts', async () => {
    const period = {
      period: 'custom',
      periodStart: dateOf('2026-05-20T13:00:00Z'),
      periodEnd: dateOf('2026-05-20T14:00:00Z'),
    }
    await budget('tenant', 10, period)
    await budget('user:ann', 10, { ...period, isHard: false })
    expect(await reserve(line(50))).toBe(true)
    expect(await sums('tenant')).toEqual([0, 0])
    clock.advance(3_600_000)
    expect(await reserve(line(11))).toBe(false)
    expect(await reserve(line(10))).toBe(true)
    expect(await sums('tenant')).toEqual([0, 10])
    clock.advance(3_600_000)
    expect(await reserve(line(1))).toBe(false)
    expect(await refusalOf(tenant.scope, line(1))).toMatchObject({
      code: 'budget_exhausted',
      body: { reason: 'period_expired' },
    })
    await systemWrite(({ client }) => client.budget.deleteMany({ where: { tenantId: tenant.id, id: 'tenant' } }))
    expect(await reserve(line(1))).toBe(true)
  })

  it('tells which budget refused, and whether waiting helps', async () => {
    await budget('tenant', 1_000)
    await budget('user:ann', 100)
    expect(await reserve(line(60))).toBe(true)
    const spent = line(30)
    await reserve(spent)
    await tell(spent.id, 'settled', 30)
    const why = async (amount: number) => refusalOf(tenant.scope, line(amount))
    expect(await why(20)).toMatchObject({ code: 'budget_in_flight', headers: { 'retry-after': '5' } })
    expect(await why(71)).toMatchObject({
      code: 'budget_exhausted',
      details: {
        scope: 'user:ann',
        budget_usd: 0.0001,
        spent_usd: 0.00003,
        reserved_usd: 0.00006,
        remaining_usd: 0.00001,
        estimated_cost: 0.000071,
        resets_at: '2026-05-21T00:00:00.000Z',
      },
    })
    expect(await why(101)).toMatchObject({ code: 'request_exceeds_budget', details: { scope: 'user:ann' } })
    expect(await why(1_001)).toMatchObject({ code: 'request_exceeds_budget', details: { scope: 'tenant' } })
  })

  it('what is spent already is booked beyond any limit, once, and never negative', async () => {
    await budget('tenant', 10)
    await rollStale(tenant.scope, null)
    const cost = { ...line(0), adapterId: 'cursor', cost: microUsd(25), usage: { ...NO_USAGE, input: 7 } }
    const book = () => tenant.scope.command({ audit: [], writes: chargeWrites(tenant.scope, cost) })
    expect(await Promise.all([book(), book()])).toMatchObject([{ applied: true }, { applied: false }])
    expect((await book()).applied).toBe(false)
    expect(await sums('tenant')).toEqual([25, 0])
    expect(() => chargeWrites(tenant.scope, { ...cost, cost: -1 as never })).toThrow(/never negative/)
    expect(await systemDb().ledgerEntry.findMany({ where: { tenantId: tenant.id } })).toMatchObject([
      { state: 'settled', costMicroUsd: 25n, reservedMicroUsd: 0n, inputTokens: 7, adapterId: 'cursor' },
    ])
    expect(await reserve(line(1))).toBe(false)
  })
})
