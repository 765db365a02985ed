import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'
import { usdOf } from '@/lib/shared/money'
import { encodeCursor } from '@/lib/shared/page'
import type { BudgetList } from '../contract/budget'
import { WHOLE_TENANT } from './budget-key'
import { type BudgetRow, readBudgets, unreadable } from './budgets'
import { presentBudget, statsOf } from './present-budget'
import { maySee } from './reach'
import { isKeyOf, isWithin } from './sql-match'

const MOST_HELD = 20
const MOST_PAST = 12

// What is held now is little, however long the ledger is. Everybody may see how much of the tenant's money is held, and
// only his own lines of it.
const holding = (dialect: 'sqlite' | 'postgresql', ids: (name: string) => string) => `SELECT * FROM (
    SELECT "b"."id" AS "budget", "l"."id", "l"."traceId", "l"."workspaceId", "l"."agentRole", "l"."userId", "l"."kind",
      "l"."model", "l"."reservedMicroUsd", "l"."createdAt", "l"."leaseUntil",
      COUNT(*) OVER (PARTITION BY "b"."id") AS "count",
      ROW_NUMBER() OVER (PARTITION BY "b"."id" ORDER BY "l"."createdAt" DESC, "l"."id" DESC) AS "place"
    FROM "LedgerEntry" AS "l" JOIN "Budget" AS "b" ON "b"."tenantId" = "l"."tenantId"
      AND ${isKeyOf(dialect, '"b"."id"', '"l"')} AND ${isWithin('"l"."createdAt"', '"b"')}
    WHERE "l"."tenantId" = :tenant AND "l"."state" = 'reserved' AND "b"."id" IN (SELECT ${ids('ids')})
      AND (CAST(:user AS TEXT) IS NULL OR "l"."userId" = :user)
      AND (CAST(:workspaces AS TEXT) IS NULL OR "l"."workspaceId" IN (SELECT ${ids('workspaces')}))) AS "x"
  WHERE "place" <= :most ORDER BY "budget", "place"`

const findHeld = readStatement({
  sqlite: holding('sqlite', (name) => `value FROM json_each(:${name})`),
  postgresql: holding('postgresql', (name) => `json_array_elements_text(CAST(:${name} AS json))`),
})

const passing = (ids: string) => `SELECT * FROM (
    SELECT "p".*, ROW_NUMBER() OVER (PARTITION BY "budgetId" ORDER BY "periodStart" DESC) AS "place"
    FROM "BudgetPeriod" AS "p" WHERE "tenantId" = :tenant AND "budgetId" IN (SELECT ${ids})) AS "x"
  WHERE "place" <= :most ORDER BY "budgetId", "place"`

const findPast = readStatement({
  sqlite: passing('value FROM json_each(:ids)'),
  postgresql: passing('json_array_elements_text(CAST(:ids AS json))'),
})

type Raw = Record<string, unknown>

const iso = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : String(value).replace('+00:00', 'Z')
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const heldOf = (row: Raw): BudgetList['budgets'][number]['reservations'][number] => ({
  id: String(row['id']),
  trace_id: textOrNull(row['traceId']),
  workspace_id: String(row['workspaceId']),
  agent_role: textOrNull(row['agentRole']),
  user_id: textOrNull(row['userId']),
  kind: String(row['kind']),
  model: String(row['model']),
  reserved_usd: usdOf(Number(row['reservedMicroUsd'])),
  created_at: iso(row['createdAt']),
  lease_until: iso(row['leaseUntil']),
})

const pastOf = (row: Raw): BudgetList['budgets'][number]['history'][number] => ({
  period_start: iso(row['periodStart']),
  period_end: iso(row['periodEnd']),
  budget_usd: usdOf(Number(row['limitMicroUsd'])),
  spent_usd: usdOf(Number(row['spentMicroUsd'])),
  spent_micro_usd: Number(row['spentMicroUsd']),
  hard_limit: Boolean(row['isHard']),
})

// Fences are few and budgets of a fence fewer: then all of them are looked through.
const pageOf = async (
  scope: Scope,
  limit: number,
  after: string | undefined,
): Promise<{ ids: string[]; total: number }> => {
  const { workspaces, user } = reachOf(scope)
  const isFenced = workspaces !== null || user !== null
  const from = after === undefined ? {} : { id: { gt: after } }
  if (!isFenced) {
    const total = await scope.db.budget.count()
    const rows = await scope.db.budget.findMany({
      where: from,
      orderBy: { id: 'asc' },
      select: { id: true },
      take: limit + 1,
    })
    return { ids: rows.map(({ id }) => id), total }
  }
  const own =
    user === null ? (workspaces ?? []).flatMap((id) => [`workspace:${id}`, `environment:${id}/`]) : [`user:${user}`]
  const among = { OR: [WHOLE_TENANT, ...own].map((id) => ({ id: { startsWith: id } })) }
  const rows = await scope.db.budget.findMany({ where: among, orderBy: { id: 'asc' }, select: { id: true } })
  const seen = rows
    .map(({ id }) => id)
    .filter((id) => maySee(scope, id))
    .sort()
  return { ids: seen.filter((id) => after === undefined || id > after).slice(0, limit + 1), total: seen.length }
}

const grouped = (rows: readonly Raw[], key: string): Map<string, Raw[]> => {
  const groups = new Map<string, Raw[]>()
  for (const row of rows) groups.set(String(row[key]), [...(groups.get(String(row[key])) ?? []), row])
  return groups
}

export const listBudgets = async (
  scope: Scope,
  { limit, cursor }: { limit: number; cursor?: [string] | undefined },
): Promise<BudgetList> => {
  const { ids, total } = await pageOf(scope, limit, cursor?.[0]).catch(unreadable)
  const shown = ids.slice(0, limit)
  const rows = await readBudgets(scope, shown)
  const list = JSON.stringify(shown)
  const { user, workspaces } = reachOf(scope)
  const [held, past] = await Promise.all([
    scope.rows(findHeld, { ids: list, most: MOST_HELD, user, workspaces: workspaces && JSON.stringify(workspaces) }),
    scope.rows(findPast, { ids: list, most: MOST_PAST }),
  ]).catch(unreadable)
  const [heldBy, pastBy] = [grouped(held, 'budget'), grouped(past, 'budgetId')]
  const now = scope.clock.now()
  const present = (row: BudgetRow): BudgetList['budgets'][number] => ({
    ...presentBudget(row, now),
    stats: statsOf(row, now),
    reservations: (heldBy.get(row.id) ?? []).map(heldOf),
    reservation_count: Number(heldBy.get(row.id)?.[0]?.['count'] ?? 0),
    history: (pastBy.get(row.id) ?? []).map(pastOf),
  })
  const last = shown.at(-1)
  const hasMore = ids.length > limit
  return {
    budgets: rows.map(present),
    total,
    has_more: hasMore,
    limit,
    next_cursor: hasMore && last !== undefined ? encodeCursor([last]) : null,
  }
}
