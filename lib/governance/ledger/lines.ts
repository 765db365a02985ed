import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { NO_USAGE, type Usage } from '@/lib/shared/chat'
import { type MicroUsd, NOTHING } from '@/lib/shared/money'
import { Problem } from '@/lib/shared/problem'
import { drawBudgets, drawLine } from './sql-draw'
import { lockMoney } from './sql-lock'
import { charge, hold, reserve, watch } from './sql-reserve'
import { correctPeriod, release, settle } from './sql-settle'

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

// What an agent that runs elsewhere was granted: what it spends is charged on lines of its own, and drawn from this one.
type Granted = Omit<Reservation, 'traceId'> & { traceId: null; adapterId: string }

export type Settlement = {
  id: string
  state: 'settled' | 'released' | 'expired'
  cost: MicroUsd
  usage: Usage
  isEstimated: boolean
  // The prices that the cost was made of, with their version.
  prices?: string
}

// A cost that is spent already, by an agent that asked nobody.
export type Charge = Pick<
  Reservation,
  'id' | 'workspaceId' | 'environment' | 'role' | 'userId' | 'kind' | 'provider' | 'model'
> & {
  traceId: string | null
  adapterId: string | null
  cost: MicroUsd
  usage?: Usage
  isEstimated?: boolean
  priceVersion?: string
}

type Line = Omit<Reservation, 'traceId' | 'leaseUntil'> & {
  traceId: string | null
  adapterId: string | null
  leaseUntil: Date
}

/** The first of all writes that move money, or that count what the ledger says beside others that move it. */
export const moneyTurn: CommandWrite = { statement: lockMoney, rows: [{}] }

const rowOf = (line: Line, now: Date): object => ({
  id: line.id,
  trace: line.traceId,
  workspace: line.workspaceId,
  environment: line.environment,
  role: line.role,
  user: line.userId,
  adapter: line.adapterId,
  kind: line.kind,
  provider: line.provider,
  model: line.model,
  amount: line.amount,
  price_version: line.priceVersion,
  now: storedTime(now),
  lease: storedTime(line.leaseUntil),
})

// All or nothing: where one line does not fit one of its budgets, nothing of the command is written.
export const reserveWrites = (scope: Scope, lines: readonly (Reservation | Granted)[]): CommandWrite[] => {
  if (lines.length === 0) return []
  const now = scope.clock.now()
  const ids = lines.map(({ id }) => ({ id }))
  return [
    moneyTurn,
    { statement: reserve, rows: lines.map((line) => rowOf({ adapterId: null, ...line }, now)), guard: true },
    { statement: hold, rows: ids },
    { statement: watch, rows: ids },
  ]
}

const toldRow = ({ id, state, cost, usage, isEstimated, prices }: Settlement, now: string): object => ({
  id,
  state,
  cost,
  input: usage.input,
  output: usage.output,
  cache_read: usage.cacheRead,
  cache_write: usage.cacheWrite,
  reasoning: usage.reasoning ?? 0,
  is_estimated: isEstimated,
  price: prices ?? null,
  now,
})

const settling = (scope: Scope, lines: readonly Settlement[]): CommandWrite[] => {
  const now = storedTime(scope.clock.now())
  const moves = lines.map(({ id, state, cost }) => ({ id, state, cost }))
  return [
    { statement: release, rows: moves },
    { statement: correctPeriod, rows: moves },
    { statement: settle, rows: lines.map((line) => toldRow(line, now)) },
  ]
}

// What is no longer open stays as it is, however often it is told.
export const settleWrites = (scope: Scope, lines: readonly Settlement[]): CommandWrite[] =>
  lines.length === 0 ? [] : [moneyTurn, ...settling(scope, lines)]

/** Of what was granted, a part is charged elsewhere in this command: that much less is held. */
export const drawWrites = (id: string, cost: MicroUsd): CommandWrite[] =>
  cost === 0
    ? []
    : [
        { statement: drawBudgets, rows: [{ id, cost }] },
        { statement: drawLine, rows: [{ id, cost }] },
      ]

/** Nobody spends any more of what was granted, or it is told without it: what is still held is given back. */
export const giveBackWrites = (scope: Scope, id: string): CommandWrite[] =>
  settleWrites(scope, [{ id, state: 'released', cost: NOTHING, usage: NO_USAGE, isEstimated: false }])

const assertCost = (cost: number): void => {
  if (Number.isSafeInteger(cost) && cost >= 0) return
  throw new Problem('invalid_request', 'A cost is a whole number of micro-dollars, and never negative')
}

/** Booked whatever the budgets say. Guarded: an id that the ledger knows is refused, and with it the whole command. */
export const chargeWrites = (scope: Scope, ...lines: readonly Charge[]): CommandWrite[] => {
  if (lines.length === 0) return []
  for (const { cost } of lines) assertCost(cost)
  const now = scope.clock.now()
  const rows = lines.map(({ priceVersion = 'given', ...line }) =>
    rowOf({ ...line, priceVersion, amount: NOTHING, leaseUntil: now }, now),
  )
  const told = lines.map(({ id, cost, usage = NO_USAGE, isEstimated = false }) => ({
    ...{ id, cost, usage, isEstimated },
    state: 'settled' as const,
  }))
  return [
    moneyTurn,
    { statement: charge, rows, guard: true },
    ...settling(scope, told),
    { statement: watch, rows: lines.map(({ id }) => ({ id })) },
  ]
}
