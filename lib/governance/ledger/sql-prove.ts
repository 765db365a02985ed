import { readStatement } from '@/lib/core/statement'
import { isKeyOf, isWithin } from './sql-match'

type Dialect = 'sqlite' | 'postgresql'

const both = (make: (dialect: Dialect) => string) =>
  readStatement({ sqlite: make('sqlite'), postgresql: make('postgresql') })

// Each comparison is one statement, so that both sides are of one moment.
const HELD = `CASE "l"."state" WHEN 'reserved' THEN "l"."reservedMicroUsd" ELSE 0 END`

export const proveBudgets = both(
  (dialect) => `SELECT "b"."id", "b"."spentMicroUsd" AS "shownSpent", "b"."reservedMicroUsd" AS "shownHeld",
      COALESCE("x"."spent", 0) AS "spent", COALESCE("x"."held", 0) AS "held"
    FROM "Budget" AS "b" LEFT JOIN (
      SELECT "k"."id", SUM("l"."costMicroUsd") AS "spent", SUM(${HELD}) AS "held"
      FROM "LedgerEntry" AS "l" JOIN "Budget" AS "k" ON "k"."tenantId" = "l"."tenantId"
        AND ${isKeyOf(dialect, '"k"."id"', '"l"')} AND ${isWithin('"l"."createdAt"', '"k"')}
      WHERE "l"."tenantId" = :tenant GROUP BY "k"."id") AS "x" ON "x"."id" = "b"."id"
    WHERE "b"."tenantId" = :tenant AND "b"."periodEnd" IS NOT NULL ORDER BY "b"."id"`,
)

export const provePeriods = both(
  (
    dialect,
  ) => `SELECT "p"."budgetId", "p"."periodStart", "p"."spentMicroUsd" AS "shown", COALESCE("x"."spent", 0) AS "spent"
    FROM "BudgetPeriod" AS "p" LEFT JOIN (
      SELECT "k"."budgetId", "k"."periodStart", SUM("l"."costMicroUsd") AS "spent"
      FROM "LedgerEntry" AS "l" JOIN "BudgetPeriod" AS "k" ON "k"."tenantId" = "l"."tenantId"
        AND ${isKeyOf(dialect, '"k"."budgetId"', '"l"')} AND ${isWithin('"l"."createdAt"', '"k"')}
      WHERE "l"."tenantId" = :tenant GROUP BY "k"."budgetId", "k"."periodStart") AS "x"
      ON "x"."budgetId" = "p"."budgetId" AND "x"."periodStart" = "p"."periodStart"
    WHERE "p"."tenantId" = :tenant`,
)

// What a run of ours has spent. External agents, and what was spent before a run was refused, have no such trace.
const OURS = `"l"."tenantId" = :tenant AND "l"."adapterId" IS NULL AND "l"."traceId" IS NOT NULL`
const RUNS = `"t"."tenantId" = :tenant AND "t"."origin" IN ('run', 'replay')`
// An agent that runs elsewhere is charged for its own traces alone, whatever others tell of them.
const CHARGED = `"t"."tenantId" = :tenant AND "t"."origin" IN ('run', 'replay', 'adapter')`
const ENDED = `"t"."completedAt" IS NOT NULL`
const TRACE = `JOIN "Trace" AS "t" ON "t"."tenantId" = "l"."tenantId" AND "t"."id" = "l"."traceId"`
const cost = (rest: string) => `(SELECT COALESCE(SUM("l"."costMicroUsd"), 0) FROM "LedgerEntry" AS "l" ${rest})`
const OF_TENANT = `WHERE "l"."tenantId" = :tenant`

export const proveTotals = readStatement(`SELECT ${cost(OF_TENANT)} AS "ledger",
  ${cost(`${OF_TENANT} AND "l"."state" IN ('settled', 'expired')`)} AS "usage",
  ${cost(`${OF_TENANT} AND ("l"."adapterId" IS NOT NULL OR "l"."traceId" IS NULL)`)} AS "external",
  ${cost(`${TRACE} WHERE ${OURS} AND ${RUNS} AND ${ENDED}`)} AS "ended",
  ${cost(`${TRACE} WHERE ${OURS} AND ${RUNS} AND NOT (${ENDED})`)} AS "running",
  (SELECT COALESCE(SUM("t"."costMicroUsd"), 0) FROM "Trace" AS "t" WHERE ${RUNS} AND ${ENDED}) AS "traces",
  (SELECT COUNT(*) FROM "Trace" AS "t" WHERE ${CHARGED} AND ${ENDED}) AS "traceCount",
  (SELECT COALESCE(SUM("t"."costMicroUsd"), 0) FROM "TraceRollup" AS "t" WHERE ${RUNS}) AS "rollups",
  (SELECT COUNT(*) FROM "LedgerEntry" AS "l" ${OF_TENANT}) AS "entries",
  (SELECT COALESCE(SUM("l"."reservedMicroUsd"), 0) FROM "LedgerEntry" AS "l" ${OF_TENANT}
    AND "l"."state" = 'reserved') AS "reserved",
  (SELECT COUNT(*) FROM "LedgerEntry" AS "l" ${OF_TENANT} AND "l"."state" = 'reserved'
    AND "l"."leaseUntil" < :now) AS "overdue"`)

export const proveTraces =
  readStatement(`SELECT "t"."id", "t"."costMicroUsd" AS "shown", COALESCE("x"."spent", 0) AS "spent"
  FROM "Trace" AS "t" LEFT JOIN (SELECT "l"."traceId", "l"."adapterId", SUM("l"."costMicroUsd") AS "spent"
    FROM "LedgerEntry" AS "l" WHERE "l"."tenantId" = :tenant AND "l"."traceId" IS NOT NULL
    GROUP BY "l"."traceId", "l"."adapterId") AS "x"
    ON "x"."traceId" = "t"."id" AND COALESCE("x"."adapterId", '') = COALESCE("t"."adapterId", '')
  WHERE ${CHARGED} AND ${ENDED} AND "t"."costMicroUsd" <> COALESCE("x"."spent", 0)
  ORDER BY "t"."id" LIMIT :most`)
