import { writeStatement } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'

// Sums by what a run has several of. What stands in the row of the trace is taken from there, so that it can be taken
// back and added again when the row changes; what only its runtime knows comes with its end.

export type OwnFact = { fact: 'skill' | 'risk_factor'; value: string; weight: number }

const DAY = {
  sqlite: `substr(t."startedAt", 1, 10) || 'T00:00:00.000+00:00'`,
  postgresql: `date_trunc('day', t."startedAt")`,
}

const IS_ERROR = `CASE WHEN t."status" IN ('error', 'timeout') THEN 1 ELSE 0 END`
const IS_OVER = `t."status" NOT IN ('running', 'paused')`

const ROWS = {
  sqlite: `json_each(:rows) AS r JOIN "Trace" t
    ON t."tenantId" = json_extract(r.value, '$.tenant_id') AND t."id" = json_extract(r.value, '$.id')`,
  postgresql: `json_to_recordset(:rows::json) AS r(tenant_id text, id text, fact text, "value" text, weight int)
    JOIN "Trace" t ON t."tenantId" = r.tenant_id AND t."id" = r.id`,
}

const COLUMNS = '"tenantId", "day", "fact", "workspaceId", "value", "traces", "errors", "costMicroUsd", "weight"'

const sumsOf = (from: string, sign: '' | '-'): string => `INSERT INTO "TraceFactRollup" (${COLUMNS})
    SELECT "tenantId", "day", "fact", "workspaceId", "value", ${sign}COUNT(*), ${sign}SUM("error"), ${sign}SUM("cost"),
      ${sign}SUM("weight") FROM (${from}) AS f
    WHERE true GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT ("tenantId", "day", "fact", "workspaceId", "value") DO UPDATE SET
      "traces" = "TraceFactRollup"."traces" + excluded."traces",
      "errors" = "TraceFactRollup"."errors" + excluded."errors",
      "costMicroUsd" = "TraceFactRollup"."costMicroUsd" + excluded."costMicroUsd",
      "weight" = "TraceFactRollup"."weight" + excluded."weight"`

type Dialect = 'sqlite' | 'postgresql'

const factOf = (dialect: Dialect, fact: string, value: string, weight: string): string =>
  `SELECT t."tenantId", ${DAY[dialect]} AS "day", ${fact} AS "fact", t."workspaceId", ${value} AS "value",
    ${IS_ERROR} AS "error", t."costMicroUsd" AS "cost", ${weight} AS "weight"`

// Control characters are escaped in JSON, and PostgreSQL takes not all of them; a name that has one is not counted.
const PLAIN_VERSIONS = `CASE WHEN t."skillVersions" LIKE '{%' AND t."skillVersions" NOT LIKE '%\\u%'
  THEN t."skillVersions" ELSE '{}' END`
const VERSIONS = {
  sqlite: `json_each(${PLAIN_VERSIONS}) AS s`,
  postgresql: `jsonb_each_text((${PLAIN_VERSIONS})::jsonb) AS s`,
}

const inRowOf = (dialect: Dialect): string =>
  `${factOf(dialect, `'risk_level'`, 't."riskLevel"', 'COALESCE(t."riskScore", 0)')}
    FROM ${ROWS[dialect]} WHERE ${IS_OVER} AND t."riskLevel" IS NOT NULL
  UNION ALL ${factOf(dialect, `'skill'`, `s."key" || '@' || s."value"`, '0')}
    FROM ${ROWS[dialect]} CROSS JOIN ${VERSIONS[dialect]} WHERE ${IS_OVER}`

const ofRows = (name: string, sign: '' | '-') =>
  writeStatement(name, { sqlite: sumsOf(inRowOf('sqlite'), sign), postgresql: sumsOf(inRowOf('postgresql'), sign) })

const addRows = ofRows('tracing.facts-add', '')
const takeRows = ofRows('tracing.facts-take', '-')

const field = (name: string): string => `json_extract(r.value, '$.${name}')`

const addOwn = writeStatement('tracing.facts-own', {
  sqlite: sumsOf(
    `${factOf('sqlite', field('fact'), field('value'), field('weight'))} FROM ${ROWS.sqlite} WHERE ${IS_OVER}`,
    '',
  ),
  postgresql: sumsOf(
    `${factOf('postgresql', 'r.fact', 'r."value"', 'r.weight')} FROM ${ROWS.postgresql} WHERE ${IS_OVER}`,
    '',
  ),
})

const rowsOf = (ids: readonly string[]) => ids.map((id) => ({ id }))

export const addFacts = (...ids: readonly string[]): CommandWrite => ({ statement: addRows, rows: rowsOf(ids) })
export const takeFacts = (...ids: readonly string[]): CommandWrite => ({ statement: takeRows, rows: rowsOf(ids) })

/** What the runtime knows of a run that has ended; once per run, in the commit of its end. */
export const addOwnFacts = (id: string, facts: readonly OwnFact[]): CommandWrite[] =>
  facts.length === 0 ? [] : [{ statement: addOwn, rows: facts.map((fact) => ({ id, ...fact })) }]
