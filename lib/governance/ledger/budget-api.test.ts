import { beforeEach, expect, it } from 'vitest'
import { POST as askRoute, GET as checkRoute } from '@/app/(api)/budget/check/route'
import { DELETE as deleteRoute, GET as getRoute, POST as setRoute } from '@/app/(api)/budget/route'
import { GET as listRoute } from '@/app/(api)/budgets/route'
import { fixedClock } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'
import { getBudget } from './get-budget'
import { listBudgets } from './list-budgets'
import { listLedger } from './list-ledger'
import { proveLedger } from './prove-ledger'
import { setBudget } from './set-budget'

const NOON = new Date('2026-05-20T12:00:00Z')
const KEY = 'k'.repeat(40)
const clock = fixedClock(NOON)
const env = {
  AGENT_DAEMON_API_KEY: KEY,
  CLASPER_DEFAULT_TENANT_ID: 'default',
  CLASPER_DAEMON_ALLOWED_TENANTS: '*',
}

describeEachDialect('the routes of money', (dialect) => {
  useKernel(dialect, { clock, env })
  let tenant: TestTenant
  beforeEach(async () => {
    clock.set(NOON)
    tenant = await newTenant()
  })

  const ask = (path: string, body?: object, method = body ? 'POST' : 'GET') =>
    new Request(`http://127.0.0.1${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
      headers: {
        'x-agent-daemon-key': KEY,
        'x-tenant-id': tenant.id,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
    })
  const json = async (reply: Promise<Response>) => {
    const got = await reply
    return { status: got.status, body: (await got.json()) as Record<string, unknown> }
  }
  const set = (body: object) => json(setRoute(ask('/budget', body)))
  const show = (query = '') => json(getRoute(ask(`/budget${query}`)))
  const check = (query: string) => json(checkRoute(ask(`/budget/check?${query}`)))
  const line = (over: object = {}) =>
    systemWrite(({ client }) =>
      client.ledgerEntry.create({
        data: {
          ...{ tenantId: tenant.id, id: uuidv7(clock.now().getTime()), workspaceId: 'default', environment: 'prod' },
          ...{
            agentRole: 'agent',
            userId: 'ann',
            kind: 'send',
            provider: 'openai',
            model: 'gpt-4o',
            priceVersion: 'v',
          },
          ...{ state: 'settled', reservedMicroUsd: 0, createdAt: clock.now(), leaseUntil: clock.now(), ...over },
        },
      }),
    )

  it('set and show a budget; what is not named keeps its value, what is spent is the ledger', async () => {
    expect(await show()).toMatchObject({ status: 404, body: { error: 'No budget set for this tenant' } })
    await line({ costMicroUsd: 3_000_000 })
    await line({ state: 'reserved', reservedMicroUsd: 1_000_000 })
    await line({ costMicroUsd: 9_000_000, createdAt: new Date('2026-04-30T23:59:59Z') })
    expect((await set({ alert_threshold: 0.5 })).status).toBe(400)
    const first = await set({ budget_usd: 10, alert_threshold: 0.5 })
    expect(first).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        budget: {
          ...{ budget_usd: 10, limit: 10, spent: 3, reserved_usd: 1, remaining: 6, hard_limit: true },
          ...{ period: 'monthly', timezone: 'UTC', alertThreshold: 0.5 },
          ...{ period_start: '2026-05-01T00:00:00.000Z', period_end: '2026-06-01T00:00:00.000Z' },
        },
      },
    })
    await set({ timezone: 'America/New_York', hard_limit: false })
    expect((await show()).body).toMatchObject({
      budget: { budget_usd: 10, alert_threshold: 0.5, hard_limit: false, period_start: '2026-05-01T04:00:00.000Z' },
      stats: {
        ...{ total_budget: 10, total_spent: 3, remaining: 6, percent_used: 40, average_daily_spend: 0.15 },
        ...{ projected_month_end: 4.8, days_remaining: 12, daysRemaining: 12 },
      },
      alerts: { soft_limit: 5, hard_limit: null },
    })
    const rows = await tenant.audits()
    expect(rows.map(({ eventType, entityId }) => [eventType, entityId])).toEqual([
      ['config_change', 'tenant'],
      ['config_change', 'tenant'],
    ])
    const payloads = await systemDb().auditPayload.findMany({ where: { tenantId: tenant.id }, orderBy: { seq: 'asc' } })
    expect(JSON.parse(payloads[1]?.data ?? '')).toMatchObject({
      kind: 'budget',
      before: { hard_limit: true, timezone: 'UTC' },
      after: { hard_limit: false, timezone: 'America/New_York' },
    })
  })

  it.each([
    [{ limit: 50 }, { budget_usd: 50, hard_limit: true, alert_threshold: 0.8 }],
    [{ hard_limit: 80 }, { budget_usd: 80, hard_limit: true }],
    [
      { limit: 60, hard_limit: 80 },
      { budget_usd: 80, hard_limit: true, alert_threshold: 0.75 },
    ],
    [
      { limit: 80, hard_limit: 80 },
      { budget_usd: 80, alert_threshold: 0.8 },
    ],
    [
      { budget_usd: 80, soft_limit: 20 },
      { budget_usd: 80, alert_threshold: 0.25 },
    ],
    [
      { budget_usd: 0.000_001, hard_limit: false },
      { budget_micro_usd: 1, hard_limit: false },
    ],
    [
      { budget_usd: 5, per_run_usd: 1 },
      { budget_usd: 5, per_run_usd: 1 },
    ],
    [
      { budget_usd: 5, period_start: '2026-05-01T00:00:00Z', period_end: '2026-05-10T00:00:00Z' },
      { period: 'custom', period_start: '2026-05-01T00:00:00.000Z', period_end: '2026-05-10T00:00:00.000Z' },
    ],
    [{ budget_usd: 5, period: 'weekly', timezone: 'Asia/Tokyo' }, { period_start: '2026-05-17T15:00:00.000Z' }],
  ])('%j is understood', async (body, expected) => {
    expect(await set(body)).toMatchObject({ status: 200, body: { budget: expected } })
  })

  it.each([
    {},
    { budget_usd: 0 },
    { budget_usd: -5 },
    { budget_usd: '5' },
    { budget_usd: 1e12 },
    { budget_usd: 5, hard_limit: 6 },
    { budget_usd: 5, soft_limit: 6 },
    { limit: 9, hard_limit: 8 },
    { budget_usd: 5, alert_threshold: 1.1 },
    { budget_usd: 5, alert_threshold: 0.5, soft_limit: 4 },
    { budget_usd: 5, timezone: 'Mars/Olympus' },
    { budget_usd: 5, period: 'custom' },
    { budget_usd: 5, period_start: '2026-05-01T00:00:00Z' },
    { budget_usd: 5, period: 'daily', period_start: '2026-05-01T00:00:00Z', period_end: '2026-05-10T00:00:00Z' },
    { budget_usd: 5, period_start: '2026-05-10T00:00:00Z', period_end: '2026-05-01T00:00:00Z' },
    { budget_usd: 5, scope: 'planet:earth' },
    { budget_usd: 5, scope: 'user:' },
    { budget_usd: 5, scope: 'environment:a/b/c' },
  ])('%j is refused', async (body) => {
    expect((await set(body)).status).toBe(400)
    expect(await systemDb().budget.count({ where: { tenantId: tenant.id } })).toBe(0)
  })

  it('check: by query and by body, without a budget, at the threshold, beyond a hard and a soft limit', async () => {
    expect((await check('estimated_cost=5')).body).toMatchObject({
      ...{ allowed: true, budget: null, remaining: null, reason: 'no_budget_set', requested: 5, warnings: [] },
    })
    expect(await systemDb().budget.count({ where: { tenantId: tenant.id } })).toBe(0)
    await line({ costMicroUsd: 8_500_000 })
    await set({ budget_usd: 10 })
    expect((await check('estimated_cost=1.5')).body).toMatchObject({
      ...{ allowed: true, remaining: 1.5, percent_used: 85, remaining_after: 0, remainingAfter: 0 },
      ...{ warning: 'Budget usage at 85.0% - approaching limit', budget: { limit: 10 } },
    })
    const over = await json(askRoute(ask('/budget/check', { amount: 1.500_001 })))
    expect(over).toMatchObject({
      status: 200,
      body: {
        ...{ allowed: false, reason: 'budget_exceeded', error: 'Exceeds hard limit', code: 'budget_exhausted' },
        ...{ resets_at: '2026-06-01T00:00:00.000Z', warnings: [] },
      },
    })
    await set({ hard_limit: false })
    expect((await check('estimated_cost=9')).body).toMatchObject({
      ...{ allowed: true, reason: 'budget_exceeded', warning: 'Budget exceeded - soft limit' },
    })
    await set({ scope: 'user:ann', budget_usd: 1 })
    expect((await check('estimated_cost=2&user_id=ann')).body).toMatchObject({
      ...{ allowed: false, scope: 'user:ann', code: 'request_exceeds_budget' },
    })
    expect((await check('estimated_cost=-1')).status).toBe(400)
    expect((await check('estimated_cost=x')).status).toBe(400)
    expect((await check('')).status).toBe(400)
  })

  it('a custom period that is over: hard refuses, soft lets pass', async () => {
    const span = { period_start: '2026-05-01T00:00:00Z', period_end: '2026-05-10T00:00:00Z' }
    await set({ budget_usd: 10, ...span })
    expect((await check('estimated_cost=1')).body).toMatchObject({
      ...{ allowed: false, reason: 'period_expired', remaining: 0, percent_used: 100 },
    })
    await set({ hard_limit: false })
    expect((await check('estimated_cost=1')).body).toMatchObject({
      ...{ allowed: true, reason: 'period_expired', remaining: 0, percent_used: 100 },
    })
  })

  it('every environment that an external agent may name can have one', async () => {
    expect(await set({ scope: 'environment:prod.eu', budget_usd: 1 })).toMatchObject({ status: 200 })
    expect(await set({ scope: 'environment:a/prod.eu', budget_usd: 1 })).toMatchObject({ status: 200 })
    expect(await set({ scope: 'environment:.eu', budget_usd: 1 })).toMatchObject({ status: 400 })
  })

  it('lists budgets with what is held and how periods ended, and takes them away', async () => {
    await set({ budget_usd: 10, period: 'daily' })
    await set({ scope: 'role:agent', budget_usd: 1, period: 'daily' })
    await line({ costMicroUsd: 2_000_000 })
    await set({ budget_usd: 10 })
    clock.advance(86_400_000)
    await line({ id: 'held', state: 'reserved', reservedMicroUsd: 500_000 })
    const { body } = await json(listRoute(ask('/budgets')))
    expect(body).toMatchObject({
      total: 2,
      budgets: [
        {
          ...{ scope: 'tenant', spent_usd: 0, reserved_usd: 0.5, reservation_count: 1 },
          reservations: [{ id: 'held', reserved_usd: 0.5 }],
          history: [{ spent_usd: 2, period_start: '2026-05-20T00:00:00.000Z' }],
        },
        { scope: 'role:agent', reservation_count: 1 },
      ],
    })
    const one = await json(listRoute(ask('/budgets?limit=1')))
    const next = await json(listRoute(ask(`/budgets?limit=1&cursor=${one.body['next_cursor']}`)))
    expect([one.body, next.body].map(({ budgets }) => (budgets as { scope: string }[])[0]?.scope)).toEqual([
      'role:agent',
      'tenant',
    ])
    expect((await deleteRoute(ask('/budget?scope=role:agent', undefined, 'DELETE'))).status).toBe(200)
    expect((await deleteRoute(ask('/budget?scope=role:agent', undefined, 'DELETE'))).status).toBe(404)
    expect((await deleteRoute(ask('/budget', undefined, 'DELETE'))).status).toBe(400)
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: 'role:agent' })
    expect(await systemDb().ledgerEntry.count({ where: { tenantId: tenant.id } })).toBe(2)
  })

  it('a foreign tenant has none of it, and a fence shows only its own', async () => {
    await set({ budget_usd: 10 })
    await set({ scope: 'workspace:a', budget_usd: 1 })
    await set({ scope: 'workspace:b', budget_usd: 1 })
    await line({ id: 'mine', workspaceId: 'a' })
    const other = await newTenant('other')
    await expect(getBudget(other.scope, { scope: 'tenant' })).rejects.toMatchObject({ code: 'not_found' })
    expect((await listLedger(other.scope, { limit: 10 })).total).toBe(0)
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['b'] }))
    expect((await listBudgets(fenced, { limit: 10 })).budgets.map(({ scope }) => scope)).toEqual([
      'tenant',
      'workspace:b',
    ])
    expect((await listLedger(fenced, { limit: 10 })).total).toBe(0)
    await expect(getBudget(fenced, { scope: 'workspace:a' })).rejects.toMatchObject({ code: 'workspace_access_denied' })
    await expect(setBudget(fenced, { scope: 'tenant', budget_usd: 1 })).rejects.toMatchObject({
      code: 'workspace_access_denied',
    })
    await expect(setBudget(fenced, { scope: 'workspace:b', budget_usd: 2 })).resolves.toBeDefined()
    await expect(proveLedger(fenced)).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })
})
