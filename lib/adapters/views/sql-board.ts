import { fenced, WITHIN } from './fence'

const SINCE = {
  sqlite: '"createdAt" >= :since',
  postgresql: `"createdAt" >= (CAST(:since AS timestamptz) AT TIME ZONE 'UTC')`,
}
const DAY = { sqlite: 'substr("createdAt", 1, 10)', postgresql: `to_char("createdAt", 'YYYY-MM-DD')` }

export const decisionsByDay = fenced(
  (dialect) => `SELECT ${DAY[dialect]} AS "day", "decision", COUNT(*) AS "n" FROM "Decision"
    WHERE ${WITHIN.Decision(dialect)} AND "tenantId" = :tenant AND ${SINCE[dialect]} GROUP BY 1, 2 ORDER BY 1, 2`,
)

export const decisionsByOrigin = fenced(
  (dialect) => `SELECT "origin", "status", COUNT(*) AS "n" FROM "Decision"
    WHERE ${WITHIN.Decision(dialect)} AND "tenantId" = :tenant AND ${SINCE[dialect]} GROUP BY 1, 2 ORDER BY 1, 2`,
)

export const decisionsByAgent = fenced(
  (dialect) => `SELECT "adapterId", "decision", COUNT(*) AS "n" FROM "Decision"
    WHERE ${WITHIN.Decision(dialect)} AND "tenantId" = :tenant AND ${SINCE[dialect]} AND "adapterId" IS NOT NULL
    GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1000`,
)

const POLICY = {
  sqlite: `json_each("matchedPolicies") AS p`,
  postgresql: `jsonb_array_elements_text("matchedPolicies") AS p(value)`,
}

export const topPolicies = fenced(
  (dialect) => `SELECT p.value AS "policy", COUNT(*) AS "n" FROM "Decision" CROSS JOIN ${POLICY[dialect]}
    WHERE ${WITHIN.Decision(dialect)} AND "tenantId" = :tenant AND ${SINCE[dialect]} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20`,
)

export const pendingNow = fenced(
  (dialect) => `SELECT COUNT(*) AS "n" FROM "Decision"
    WHERE ${WITHIN.Decision(dialect)} AND "tenantId" = :tenant AND "status" = 'pending'
    AND ${dialect === 'sqlite' ? '"expiresAt" > :now' : `"expiresAt" > (CAST(:now AS timestamptz) AT TIME ZONE 'UTC')`}`,
)

export const toolsSince = fenced(
  (dialect) => `SELECT "decision", COUNT(*) AS "n", SUM(CASE WHEN "usedAt" IS NULL THEN 0 ELSE 1 END) AS "used"
    FROM "ToolAuthorization" WHERE ${WITHIN.ToolAuthorization(dialect)} AND "tenantId" = :tenant AND ${SINCE[dialect]} GROUP BY 1`,
)

export const reportsSince = fenced(
  (dialect) => `SELECT "evidence", COUNT(*) AS "n" FROM "AdapterReport"
    WHERE ${WITHIN.AdapterReport(dialect)} AND "tenantId" = :tenant AND ${SINCE[dialect].replace('createdAt', 'receivedAt')} GROUP BY 1`,
)
