import { beforeEach, expect, it } from 'vitest'
import { POST as setRoute } from '@/app/(api)/budget/route'
import { GET as whyRoute } from '@/app/(api)/ledger/[id]/route'
import { GET as proveRoute } from '@/app/(api)/ledger/invariant/route'
import { GET as ledgerRoute } from '@/app/(api)/ledger/route'
import { GET as pricesRoute } from '@/app/(api)/prices/route'
import { fixedClock } from '@/lib/core/clock'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'

const NOON = new Date('2026-05-20T12:00:00Z')
const KEY = 'k'.repeat(40)
const clock = fixedClock(NOON)
const env = {
  AGENT_DAEMON_API_KEY: KEY,
  CLASPER_DEFAULT_TENANT_ID: 'default',
  CLASPER_DAEMON_ALLOWED_TENANTS: '*',
}

describeEachDialect('the routes of the ledger', (dialect) => {
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

  it('the ledger: pages, filters, and why a call cost what it did', async () => {
    for (let n = 0; n < 5; n++) await line({ costMicroUsd: n, model: n < 2 ? 'gpt-4' : 'gpt-4o' })
    await line({
      ...{ id: 'why', costMicroUsd: 6_014, inputTokens: 1_000, outputTokens: 200, cacheReadTokens: 11 },
      ...{ reasoningTokens: 50, priceVersion: 'v1@2500000/10000000/1250000/2500000/40000000' },
    })
    const first = await json(ledgerRoute(ask('/ledger?limit=4')))
    expect(first.body).toMatchObject({ total: 6, total_exact: true, has_more: true })
    const rest = await json(ledgerRoute(ask(`/ledger?limit=4&cursor=${first.body['next_cursor']}`)))
    const ids = [first, rest].flatMap(({ body }) => (body['entries'] as { id: string }[]).map(({ id }) => id))
    expect(new Set(ids).size).toBe(6)
    expect((await json(ledgerRoute(ask('/ledger?model=gpt-4')))).body).toMatchObject({ total: 2 })
    expect((await json(ledgerRoute(ask('/ledger?budget=user:bob')))).body).toMatchObject({ total: 0 })
    expect((await json(ledgerRoute(ask('/ledger?budget=environment:default/prod')))).body).toMatchObject({ total: 6 })
    const why = await json(whyRoute(ask('/ledger/why'), { params: { id: 'why' } } as never))
    expect(why.body).toMatchObject({
      entry: { price_version: 'v1', cost_micro_usd: 6_014 },
      why: [
        { bucket: 'input', tokens: 1_000, usd_per_million: 2.5, cost_usd: 0.0025 },
        { bucket: 'output', tokens: 150, usd_per_million: 10, cost_usd: 0.0015 },
        { bucket: 'cache_read', tokens: 11, usd_per_million: 1.25, cost_usd: 0.000_013_75 },
        { bucket: 'reasoning', tokens: 50, usd_per_million: 40, cost_usd: 0.002 },
      ],
      sum_usd: 0.006_013_75,
    })
    expect((await json(whyRoute(ask('/ledger/none'), { params: { id: 'none' } } as never))).status).toBe(404)
  })

  it('the proof names each difference', async () => {
    await line({ costMicroUsd: 100, traceId: null })
    await set({ budget_usd: 10, period: 'daily' })
    expect((await json(proveRoute(ask('/ledger/invariant')))).body).toMatchObject({ ok: true, differences: [] })
    await systemWrite(({ client }) =>
      client.budget.updateMany({ where: { tenantId: tenant.id }, data: { spentMicroUsd: 99, reservedMicroUsd: 7 } }),
    )
    await line({ id: 'odd', state: 'reserved', costMicroUsd: 5, reservedMicroUsd: 3, traceId: uuidv7(0) })
    expect((await json(proveRoute(ask('/ledger/invariant')))).body).toMatchObject({
      ok: false,
      differences: [
        { what: 'usage', ledger_micro_usd: 105, shown_micro_usd: 100 },
        { what: 'rollups', ledger_micro_usd: 5, shown_micro_usd: 0 },
        { what: 'budget_spent', id: 'tenant', ledger_micro_usd: 105, shown_micro_usd: 99 },
        { what: 'budget_reserved', id: 'tenant', ledger_micro_usd: 3, shown_micro_usd: 7 },
      ],
    })
  })

  it('prices with their source and version', async () => {
    const { body } = await json(pricesRoute(ask('/prices?q=openai/gpt-4o-mini&limit=1')))
    expect(body).toMatchObject({
      currency: 'USD',
      prices: [{ name: 'openai/gpt-4o-mini', input: 0.15, output: 0.6, source: 'catalogue', tiers: [] }],
      fallback: { input: 10, output: 30 },
    })
  })
})
