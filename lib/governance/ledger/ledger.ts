import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import type { Usage } from '@/lib/shared/chat'
import { type MicroUsd, microUsd, usdOf } from '@/lib/shared/money'
import { Problem } from '@/lib/shared/problem'
import { findBudget, hold, release, reserve, settle } from './sql-ledger'

// One line for one call of a model: what may be spent stands here before the call, what was spent after it.
export type Reservation = {
  id: string
  traceId: string
  workspaceId: string
  environment: string
  role: string | null
  userId: string | null
  kind: string
  provider: string
  model: string
  amount: MicroUsd
  priceVersion: string
  leaseUntil: Date
}

export type Settlement = {
  id: string
  state: 'settled' | 'released' | 'expired'
  cost: MicroUsd
  usage: Usage
  isEstimated: boolean
}

export const reserveWrites = (scope: Scope, lines: readonly Reservation[]): CommandWrite[] => {
  const now = storedTime(scope.clock.now())
  const rows = lines.map((line) => ({
    id: line.id,
    trace: line.traceId,
    workspace: line.workspaceId,
    environment: line.environment,
    role: line.role,
    user: line.userId,
    kind: line.kind,
    provider: line.provider,
    model: line.model,
    amount: line.amount,
    price_version: line.priceVersion,
    now,
    lease: storedTime(line.leaseUntil),
  }))
  return rows.length === 0
    ? []
    : [
        { statement: reserve, rows, guard: true },
        { statement: hold, rows: rows.map(({ amount }) => ({ amount })) },
      ]
}

// The budget moves first: it reads what the line still is.
export const settleWrites = (scope: Scope, lines: readonly Settlement[]): CommandWrite[] => {
  const now = storedTime(scope.clock.now())
  const rows = lines.map(({ id, state, cost, usage, isEstimated }) => ({
    id,
    state,
    cost,
    input: usage.input,
    output: usage.output,
    cache_read: usage.cacheRead,
    cache_write: usage.cacheWrite,
    is_estimated: isEstimated,
    now,
  }))
  return rows.length === 0
    ? []
    : [
        { statement: release, rows: rows.map(({ id, cost }) => ({ id, cost })) },
        { statement: settle, rows },
      ]
}

type BudgetView = { limit: MicroUsd; spent: MicroUsd; reserved: MicroUsd; isHard: boolean }

const unreadable = (cause: unknown): never => {
  throw new Problem('ledger_unavailable', undefined, undefined, { cause })
}

export const budgetOf = async (scope: Scope): Promise<BudgetView | null> => {
  const [row] = await scope.rows(findBudget).catch(unreadable)
  if (!row) return null
  const amount = (name: string) => microUsd(Number(row[name]))
  return {
    limit: amount('limitMicroUsd'),
    spent: amount('spentMicroUsd'),
    reserved: amount('reservedMicroUsd'),
    isHard: Boolean(row['isHard']),
  }
}

const RETRY_SECONDS = 5

// Why a reservation was refused: it can never fit, others hold the rest, or the money is gone.
export const refusalOf = async (scope: Scope, amount: MicroUsd): Promise<Problem> => {
  const budget = await budgetOf(scope)
  const limit = budget?.limit ?? microUsd(0)
  const spent = budget?.spent ?? microUsd(0)
  const reserved = budget?.reserved ?? microUsd(0)
  const details = {
    scope: 'tenant',
    budget_usd: usdOf(limit),
    spent_usd: usdOf(spent),
    reserved_usd: usdOf(reserved),
    remaining_usd: usdOf(Math.max(0, limit - spent - reserved)),
    estimated_cost: usdOf(amount),
  }
  const code =
    amount > limit ? 'request_exceeds_budget' : spent + amount > limit ? 'budget_exhausted' : 'budget_in_flight'
  const headers = code === 'budget_in_flight' ? { headers: { 'retry-after': String(RETRY_SECONDS) } } : {}
  return new Problem(code, undefined, details, { ...headers, body: { reason: 'budget_exceeded' } })
}
