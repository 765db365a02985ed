import { fenced, WITHIN } from './fence'

const counted = (table: 'Decision' | 'Execution', column: string) =>
  fenced(
    (dialect) => `SELECT "adapterId", "${column}" AS "what", COUNT(*) AS "n", MAX("createdAt") AS "last" FROM "${table}"
      WHERE "tenantId" = :tenant AND "adapterId" IS NOT NULL AND ${WITHIN[table](dialect)} GROUP BY "adapterId", "${column}"`,
  )

export const decisionsByAdapter = counted('Decision', 'status')
export const executionsByAdapter = counted('Execution', 'effect')

export const reportsByAdapter = fenced(
  (
    dialect,
  ) => `SELECT "adapterId", "evidence" AS "what", COUNT(*) AS "n", MAX("receivedAt") AS "last" FROM "AdapterReport"
    WHERE "tenantId" = :tenant AND ${WITHIN.AdapterReport(dialect)} GROUP BY "adapterId", "evidence"`,
)

export const authorizationsByTool = fenced(
  (dialect) => `SELECT "tool", "decision", COUNT(*) AS "n",
      SUM(CASE WHEN "usedAt" IS NULL THEN 0 ELSE 1 END) AS "used", MAX("createdAt") AS "last"
    FROM "ToolAuthorization" WHERE "tenantId" = :tenant AND ${WITHIN.ToolAuthorization(dialect)}
    GROUP BY "tool", "decision" ORDER BY "tool", "decision" LIMIT 5000`,
)
