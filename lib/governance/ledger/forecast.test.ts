import { beforeEach, describe, expect, test } from 'vitest'
import { kernel } from '../../core/kernel'
import { DIALECTS } from '../../core/migrate/schema-source'
import { newTenant, type TestTenant, useKernel } from '../../core/testing/kernel'
import { ForecastQuestion, ForecastReply } from '../contract/forecast'
import { forecastCost } from './forecast'

type Budget = { limit: number; spent?: number; reserved?: number; isHard?: boolean }

// What a budget has spent and holds stands in the ledger, or it is not so.
const setBudget = (tenantId: string, { limit, spent = 0, reserved = 0, isHard = true }: Budget) => {
  const now = kernel().clock.now()
  const line = {
    ...{ tenantId, workspaceId: 'w', environment: 'e', kind: 'send', provider: 'p', model: 'm', priceVersion: 'v' },
    ...{ createdAt: now, leaseUntil: now },
  }
  return kernel().db.writer.transaction(null, async (tx) => {
    await tx.client.budget.create({
      data: { tenantId, id: 'tenant', limitMicroUsd: limit, isHard, createdAt: now, updatedAt: now },
    })
    await tx.client.ledgerEntry.createMany({
      data: [
        { ...line, id: 'a', state: 'settled', reservedMicroUsd: 0, costMicroUsd: spent },
        { ...line, id: 'b', state: 'reserved', reservedMicroUsd: reserved },
      ],
    })
  })
}

describe.each(DIALECTS)('forecasts on %s', (dialect) => {
  useKernel(dialect)
  let tenant: TestTenant
  const ask = async (body: object, scope = tenant.scope) =>
    ForecastReply.parse(await forecastCost(scope, ForecastQuestion.parse(body)))

  beforeEach(async () => {
    tenant = await newTenant()
  })

  test('tokens times price, rounded once, without a budget', async () => {
    const reply = await ask({ prompt_size: 1_000, model: 'gpt-4o' })
    expect(reply).toEqual({
      status: 'ok',
      forecast: {
        estimated_cost: 0.0125,
        estimated_cost_micro_usd: 12_500,
        input_cost: 0.0025,
        output_cost: 0.01,
        budget_allowed: true,
        budget_remaining: null,
        would_exceed_budget: false,
        recommendation: 'ok',
      },
      details: {
        input_tokens: 1_000,
        output_tokens: 1_000,
        model: 'gpt-4o',
        provider: 'openai',
        input_price_per_token: 2.5e-6,
        output_price_per_token: 1e-5,
        price_source: 'catalogue',
        price_version: expect.any(String),
      },
    })
  })

  test('names of one, two and three parts', async () => {
    const details = async (model: string, provider?: string) =>
      (await ask({ prompt_size: 1, model, ...(provider ? { provider } : {}) })).details
    expect(await details('anthropic/claude-3-haiku')).toMatchObject({
      provider: 'anthropic',
      model: 'claude-3-haiku',
      input_price_per_token: 2.5e-7,
    })
    expect(await details('claude-3-haiku')).toMatchObject({ input_price_per_token: 2.5e-7, price_source: 'catalogue' })
    expect(await details('claude-3-haiku', 'anthropic')).toMatchObject({ price_source: 'catalogue' })
    expect(await details('openrouter/meta-llama/x')).toMatchObject({ provider: 'openrouter', model: 'meta-llama/x' })
  })

  test('an unknown price is said to be one', async () => {
    const { forecast, details } = await ask({ prompt_size: 1_000_000, max_output_tokens: 0, model: 'house-model' })
    expect(details).toMatchObject({ price_source: 'fallback' })
    expect(forecast).toMatchObject({ estimated_cost: 10, recommendation: 'warn', budget_allowed: true })
    expect(forecast.warning).toContain('house-model')
  })

  const call = { prompt_size: 1_000, max_output_tokens: 0, model: 'gpt-4o' }

  test.each<[string, Budget, object]>([
    ['room enough', { limit: 1_000_000 }, { recommendation: 'ok', budget_remaining: 1 }],
    ['exactly the rest', { limit: 2_500 }, { recommendation: 'ok', budget_allowed: true, would_exceed_budget: false }],
    [
      'one millionth too much',
      { limit: 2_499 },
      { recommendation: 'block', budget_allowed: false, would_exceed_budget: true, warning: 'Exceeds hard limit' },
    ],
    [
      'a soft limit',
      { limit: 2_499, isHard: false },
      {
        recommendation: 'warn',
        budget_allowed: true,
        would_exceed_budget: true,
        warning: 'Budget exceeded - soft limit',
      },
    ],
    [
      'what runs hold counts',
      { limit: 10_000, spent: 4_000, reserved: 4_000 },
      { recommendation: 'block', budget_remaining: 0.002 },
    ],
    [
      'near the limit',
      { limit: 100_000, spent: 85_000 },
      { recommendation: 'warn', budget_allowed: true, warning: 'Budget usage at 85.0% - approaching limit' },
    ],
    ['overspent', { limit: 100, spent: 500 }, { recommendation: 'block', budget_remaining: 0 }],
    ['nothing allowed', { limit: 0 }, { recommendation: 'block', budget_remaining: 0 }],
  ])('%s', async (_, budget, expected) => {
    await setBudget(tenant.id, budget)
    expect((await ask(call)).forecast).toMatchObject(expected)
  })

  test("another tenant's budget is not asked", async () => {
    await setBudget(tenant.id, { limit: 0 })
    const other = await newTenant('other')
    expect((await ask(call, other.scope)).forecast).toMatchObject({ recommendation: 'ok', budget_remaining: null })
  })
})

test.each([
  {},
  { prompt_size: 0, model: 'a' },
  { prompt_size: 1.5, model: 'a' },
  { prompt_size: 1 },
  { prompt_size: 1, model: '' },
  { prompt_size: 1, model: 'a', max_output_tokens: -1 },
  { prompt_size: 1e15, model: 'a' },
])('%j is refused', (body) => {
  expect(ForecastQuestion.safeParse(body).success).toBe(false)
})
