import { type Dialect, readStatement } from '@/lib/core/statement'
import { both } from './sql-filter'

const TABLE = {
  sqlite: '"Trace" t INDEXED BY "Trace_tenantId_environment_startedAt_id_idx"',
  postgresql: '"Trace" t',
}
const SINCE = { sqlite: ':since', postgresql: `(CAST(:since AS timestamptz) AT TIME ZONE 'UTC')` }

// Real runs of one pin: what repeats or rehearses a run tells nothing of the people it is for.
const runs = (dialect: Dialect): string => `${TABLE[dialect]}
  WHERE t."tenantId" = :tenant AND t."environment" = :environment AND t."workspaceId" = :workspace AND t."pinId" = :pin
    AND t."arm" IS NOT NULL AND t."origin" = 'run' AND t."kind" NOT IN ('eval', 'skill_test')
    AND t."startedAt" >= ${SINCE[dialect]}`

const ENDED = `t."status" NOT IN ('running', 'paused')`
const FAILED = `t."status" IN ('error', 'timeout')`

const countIf = (condition: string): string => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`

export const sumsByArm = both(
  (dialect) => `SELECT t."arm", COUNT(*) AS "runs", ${countIf(ENDED)} AS "ended", ${countIf(FAILED)} AS "errors",
    SUM(t."costMicroUsd") AS "cost", SUM(t."inputTokens" + t."cacheReadTokens" + t."cacheWriteTokens") AS "input",
    SUM(t."outputTokens") AS "output"
  FROM ${runs(dialect)} GROUP BY t."arm"`,
)

// The nearest rank: the duration that so many in a hundred did not pass.
export const durationsByArm = both(
  (dialect) => `SELECT "arm",
    MIN(CASE WHEN "place" >= ("n" * 50 + 99) / 100 THEN "durationMs" END) AS "p50",
    MIN(CASE WHEN "place" >= ("n" * 95 + 99) / 100 THEN "durationMs" END) AS "p95"
  FROM (SELECT t."arm", t."durationMs", ROW_NUMBER() OVER (PARTITION BY t."arm" ORDER BY t."durationMs") AS "place",
      COUNT(*) OVER (PARTITION BY t."arm") AS "n"
    FROM ${runs(dialect)} AND t."durationMs" IS NOT NULL AND ${ENDED}) AS q
  GROUP BY "arm"`,
)

const REFUSED = {
  sqlite: `json_extract(s."data", '$.permitted') = 0`,
  postgresql: `(s."data"::json ->> 'permitted') = 'false'`,
}

export const refusedCallsByArm = both(
  (dialect) => `SELECT q."arm", COUNT(*) AS "n" FROM (SELECT t."id", t."arm" FROM ${runs(dialect)}) AS q
    JOIN "TraceStep" s ON s."tenantId" = :tenant AND s."traceId" = q."id"
  WHERE s."type" = 'tool_call' AND ${REFUSED[dialect]} GROUP BY q."arm"`,
)

const FACT = {
  sqlite: (name: string) => `json_extract(d."facts", '$.${name}')`,
  postgresql: (name: string) => `(d."facts" ->> '${name}')`,
}

// What was refused before it began left no trace; its decision says which version's rules were asked.
export const refusedRunsByArm = readStatement({
  sqlite: `SELECT ${FACT.sqlite('arm')} AS "arm", COUNT(*) AS "n" FROM "Decision" d
    WHERE d."tenantId" = :tenant AND d."workspaceId" = :workspace AND d."environment" = :environment
      AND d."subject" = 'run' AND d."decision" = 'deny' AND d."createdAt" >= ${SINCE.sqlite}
      AND ${FACT.sqlite('pinId')} = :pin AND ${FACT.sqlite('arm')} IS NOT NULL GROUP BY 1`,
  postgresql: `SELECT ${FACT.postgresql('arm')} AS "arm", COUNT(*) AS "n" FROM "Decision" d
    WHERE d."tenantId" = :tenant AND d."workspaceId" = :workspace AND d."environment" = :environment
      AND d."subject" = 'run' AND d."decision" = 'deny' AND d."createdAt" >= ${SINCE.postgresql}
      AND ${FACT.postgresql('pinId')} = :pin AND ${FACT.postgresql('arm')} IS NOT NULL GROUP BY 1`,
})
