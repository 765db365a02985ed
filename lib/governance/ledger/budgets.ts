import type { ReadDb, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { isProblem, Problem } from '@/lib/shared/problem'
import { byRank, keysOf, type Payer } from './budget-key'
import { passedBetween, periodAt, type Rolling } from './periods'
import { lockBudgets } from './sql-lock'
import { closePeriod, passPeriods, recount, roll } from './sql-roll'

const find = (db: ReadDb, keys: readonly string[] | null) =>
  db.budget.findMany({ ...(keys === null ? {} : { where: { id: { in: [...keys] } } }) })

export type BudgetRow = Awaited<ReturnType<typeof find>>[number]

const ROLLING: readonly string[] = ['daily', 'weekly', 'monthly'] satisfies Rolling[]

export const isRolling = (period: string): period is Rolling => ROLLING.includes(period)

export const isStale = ({ period, periodEnd }: BudgetRow, now: Date): boolean =>
  isRolling(period) && (periodEnd === null || periodEnd <= now)

export const unreadable = (cause: unknown): never => {
  if (isProblem(cause)) throw cause
  throw new Problem('ledger_unavailable', undefined, undefined, { cause })
}

const storedOrNull = (date: Date | null) => (date === null ? null : storedTime(date))

/** Each begins the period that it is in now, if nobody else did; what the ledger says of it is counted anew. */
export const rollBudgets = async (scope: Scope, budgets: readonly BudgetRow[]): Promise<void> => {
  if (budgets.length === 0) return
  const now = scope.clock.now()
  const begun = budgets.flatMap((budget) => {
    const { id, period, timezone, periodEnd: oldEnd } = budget
    if (!isRolling(period)) return []
    const { start, end } = periodAt(period, timezone, now)
    const passed = oldEnd === null ? [] : passedBetween(period, timezone, oldEnd, start)
    const row = { id, old_end: storedOrNull(oldEnd) }
    return [
      {
        row: { ...row, start: storedTime(start), end: storedTime(end) },
        passed: passed.map((gap) => ({ ...row, start: storedTime(gap.start), end: storedTime(gap.end) })),
      },
    ]
  })
  const rows = begun.map(({ row }) => row)
  await scope.command({
    audit: [],
    writes: [
      { statement: lockBudgets, rows: [{}] },
      { statement: passPeriods, rows: begun.flatMap(({ passed }) => passed) },
      { statement: closePeriod, rows },
      { statement: roll, rows },
      { statement: recount, rows },
    ],
  })
}

const MOST_AT_ONCE = 500

/** Whether any of them had to begin a new period. */
export const rollStale = async (scope: Scope, keys: readonly string[] | null): Promise<boolean> => {
  const now = scope.clock.now()
  const stale = await scope.db.budget.findMany({
    where: {
      period: { in: [...ROLLING] },
      OR: [{ periodEnd: null }, { periodEnd: { lte: now } }],
      ...(keys === null ? {} : { id: { in: [...keys] } }),
    },
    take: MOST_AT_ONCE,
  })
  await rollBudgets(scope, stale)
  return stale.length > 0
}

const readAll = async (scope: Scope, keys: readonly string[] | null): Promise<BudgetRow[]> => {
  const now = scope.clock.now()
  const found = await find(scope.db, keys)
  const stale = found.filter((row) => isStale(row, now))
  if (stale.length === 0) return found
  await rollBudgets(scope, stale)
  return find(scope.db, keys)
}

/** Budgets as they stand now, in the order in which they are asked. None that is read here is of a period gone by. */
export const readBudgets = async (scope: Scope, keys: readonly string[] | null): Promise<BudgetRow[]> => {
  const rows = await readAll(scope, keys).catch(unreadable)
  return rows.sort((a, b) => byRank(a.id, b.id))
}

export const budgetsOf = (scope: Scope, payer: Payer): Promise<BudgetRow[]> => readBudgets(scope, keysOf(payer))
