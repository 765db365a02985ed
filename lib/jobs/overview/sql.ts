import { type ReadStatement, readStatement } from '@/lib/core/statement'

const AMONG = {
  sqlite: `(:workspaces IS NULL OR "workspaceId" IN (SELECT value FROM json_each(:workspaces)))`,
  postgresql: `(:workspaces::text IS NULL
    OR "workspaceId" IN (SELECT json_array_elements_text(CAST(:workspaces::text AS json))))`,
} as const

type Dialect = keyof typeof AMONG

const newestOf = (dialect: Dialect, event: string): string =>
  `SELECT * FROM (SELECT "seq", "eventType", "actor", "entityId", "workspaceId", "createdAt" FROM "AuditEntry"
    WHERE "tenantId" = :tenant AND "eventType" = '${event}' AND ${AMONG[dialect]}
    ORDER BY "seq" DESC LIMIT :most) AS e_${event}`

// One short walk down the index for each type of event: what agents did in between is never read.
export const newestEvents = (events: readonly string[]): ReadStatement => {
  const all = (dialect: Dialect) => events.map((event) => newestOf(dialect, event)).join(' UNION ALL ')
  return readStatement({ sqlite: all('sqlite'), postgresql: all('postgresql') })
}

const SINCE = {
  sqlite: `"startedAt" >= :since`,
  postgresql: `"startedAt" >= (CAST(:since AS timestamptz) AT TIME ZONE 'UTC')`,
} as const

const failedRuns = (
  dialect: Dialect,
): string => `SELECT "provider" AS "provider", "errorCode" AS "code", count(*) AS "n"
  FROM (SELECT "provider", "errorCode" FROM "Trace"
    WHERE "tenantId" = :tenant AND "status" = 'error' AND ${SINCE[dialect]} AND ${AMONG[dialect]}
    ORDER BY "startedAt" DESC, "id" DESC LIMIT :most) AS f
  GROUP BY "provider", "errorCode"`

export const FAILED_BY_PROVIDER = readStatement({ sqlite: failedRuns('sqlite'), postgresql: failedRuns('postgresql') })
