import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { LedgerProof } from '../contract/ledger'
import { unreadable } from './budgets'
import { assertWholeTenant } from './reach'
import { proveBudgets, provePeriods, proveTotals, proveTraces } from './sql-prove'

type Raw = Record<string, unknown>
type Difference = LedgerProof['differences'][number]

const MOST_NAMED = 100

const amount = (row: Raw | undefined, name: string): number => Number(row?.[name] ?? 0)

const differing = (what: string, id: string, ledger: number, shown: number): Difference[] =>
  ledger === shown ? [] : [{ what, id, ledger_micro_usd: ledger, shown_micro_usd: shown }]

const ofBudget = (row: Raw): Difference[] => [
  ...differing('budget_spent', String(row['id']), amount(row, 'spent'), amount(row, 'shownSpent')),
  ...differing('budget_reserved', String(row['id']), amount(row, 'held'), amount(row, 'shownHeld')),
]

const iso = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : String(value).replace('+00:00', 'Z')

const ofPeriod = (row: Raw): Difference[] =>
  differing('period_spent', `${row['budgetId']} ${iso(row['periodStart'])}`, amount(row, 'spent'), amount(row, 'shown'))

const ofTotals = (row: Raw | undefined): Difference[] => {
  const ledger = amount(row, 'ledger')
  const ours = ledger - amount(row, 'external') - amount(row, 'running')
  return [
    ...differing('usage', 'all time', ledger, amount(row, 'usage')),
    ...differing('traces', 'all that are kept', amount(row, 'ended'), amount(row, 'traces')),
    ...differing('rollups', 'all runs that have ended', ours, amount(row, 'rollups')),
  ]
}

/** Whether what is shown anywhere is what the ledger says, to the millionth. */
export const proveLedger = async (scope: Scope): Promise<LedgerProof> => {
  assertWholeTenant(scope)
  const now = scope.clock.now()
  const [[totals], budgets, periods, traces] = await Promise.all([
    scope.rows(proveTotals, { now: storedTime(now) }),
    scope.rows(proveBudgets),
    scope.rows(provePeriods),
    scope.rows(proveTraces, { most: MOST_NAMED }),
  ]).catch(unreadable)
  const differences = [
    ...ofTotals(totals),
    ...budgets.flatMap(ofBudget),
    ...periods.flatMap(ofPeriod),
    ...traces.flatMap((row) => differing('trace', String(row['id']), amount(row, 'spent'), amount(row, 'shown'))),
  ]
  return {
    ok: differences.length === 0,
    checked_at: now.toISOString(),
    totals: {
      ledger_micro_usd: amount(totals, 'ledger'),
      usage_micro_usd: amount(totals, 'usage'),
      traces_micro_usd: amount(totals, 'traces'),
      rollups_micro_usd: amount(totals, 'rollups'),
      reserved_micro_usd: amount(totals, 'reserved'),
      external_micro_usd: amount(totals, 'external'),
    },
    checked: {
      entries: amount(totals, 'entries'),
      budgets: budgets.length,
      periods: periods.length,
      traces: amount(totals, 'traceCount'),
    },
    overdue_reservations: amount(totals, 'overdue'),
    differences,
  }
}
