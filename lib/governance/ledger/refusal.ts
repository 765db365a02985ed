import type { Scope } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'
import { microUsd, usdOf } from '@/lib/shared/money'
import { Problem } from '@/lib/shared/problem'
import { type Payer, WHOLE_TENANT } from './budget-key'
import { budgetsOf, unreadable } from './budgets'
import { type OfRun, type Refusal, refusalAmong, sumsOf } from './judge'
import { tellExceeded } from './tell'

const sumOfRun = readStatement(`SELECT COALESCE(SUM("costMicroUsd"), 0) AS "spent",
    COALESCE(SUM(CASE "state" WHEN 'reserved' THEN "reservedMicroUsd" ELSE 0 END), 0) AS "reserved"
  FROM "LedgerEntry" WHERE "tenantId" = :tenant AND "traceId" = :trace`)

const runOf = async (scope: Scope, traceId: string): Promise<OfRun> => {
  const [row] = await scope.rows(sumOfRun, { trace: traceId }).catch(unreadable)
  return { spent: Number(row?.['spent'] ?? 0), reserved: Number(row?.['reserved'] ?? 0) }
}

const RETRY_SECONDS = 5

export const problemOfRefusal = (refusal: Refusal, amount: number): Problem => {
  const { code, limit, spent, reserved, resetsAt, reason } = refusal
  const details = {
    scope: refusal.scope,
    ...(refusal.scope === refusal.budget.id ? {} : { budget: refusal.budget.id }),
    budget_usd: usdOf(limit),
    spent_usd: usdOf(spent),
    reserved_usd: usdOf(reserved),
    remaining_usd: usdOf(Math.max(0, limit - spent - reserved)),
    estimated_cost: usdOf(amount),
    ...(resetsAt === null ? {} : { resets_at: resetsAt.toISOString() }),
  }
  const headers = code === 'budget_in_flight' ? { headers: { 'retry-after': String(RETRY_SECONDS) } } : {}
  return new Problem(code, undefined, details, { ...headers, body: { reason } })
}

// By the time that it is asked for, others may have given back what they held.
const givenBack = (amount: number): Problem =>
  new Problem(
    'budget_in_flight',
    undefined,
    { scope: WHOLE_TENANT, estimated_cost: usdOf(amount) },
    { headers: { 'retry-after': '1' }, body: { reason: 'budget_exceeded' } },
  )

type Asked = Payer & { amount: number; traceId?: string }

/** Why a reservation was refused: which budget said no, and whether waiting helps. */
export const refusalOf = async (scope: Scope, { amount, traceId, ...payer }: Asked): Promise<Problem> => {
  const budgets = await budgetsOf(scope, payer)
  const now = scope.clock.now()
  const ofRun = traceId === undefined ? undefined : await runOf(scope, traceId)
  const refusal = refusalAmong(budgets, amount, now, ofRun)
  if (refusal) {
    if (refusal.code === 'budget_exhausted' && refusal.reason === 'budget_exceeded')
      await tellExceeded(scope, refusal.budget).catch((error: unknown) =>
        scope.log.warn('a used up budget could not be told yet', { error }),
      )
    return problemOfRefusal(refusal, amount)
  }
  const tightest = budgets
    .filter(({ isHard }) => isHard)
    .sort((a, b) => roomOf(a) - roomOf(b))
    .at(0)
  if (!tightest) return givenBack(amount)
  const about = { ...sumsOf(tightest), budget: tightest, scope: tightest.id, resetsAt: null }
  return problemOfRefusal({ ...about, code: 'budget_in_flight', reason: 'budget_exceeded' }, microUsd(amount))
}

const roomOf = (budget: Parameters<typeof sumsOf>[0]): number => {
  const { limit, spent, reserved } = sumsOf(budget)
  return limit - spent - reserved
}
