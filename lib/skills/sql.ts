import { type Dialect, type ReadStatement, readStatement, writeStatement } from '@/lib/core/statement'

const both = (write: (dialect: Dialect) => string): ReadStatement =>
  readStatement({ sqlite: write('sqlite'), postgresql: write('postgresql') })

const WORDS = {
  sqlite: 'SELECT value FROM json_each(:words)',
  postgresql: 'SELECT value FROM json_array_elements_text(CAST(:words AS json)) AS w(value)',
}

const NEWEST = '"major" DESC, "minor" DESC, "patch" DESC'

// The highest version of each name that is not deprecated; then the words, then the page.
const latest = (dialect: Dialect): string => `SELECT * FROM (
    SELECT "name", "version", "state", "description", "checksum", "contentHash", "signedBy", "signature", "publishedAt",
      ROW_NUMBER() OVER (PARTITION BY "name" ORDER BY ${NEWEST}) AS "rank"
    FROM "SkillVersion" WHERE "tenantId" = :tenant AND "state" <> 'deprecated') AS l
  WHERE l."rank" = 1 AND NOT EXISTS (
    SELECT 1 FROM (${WORDS[dialect]}) AS wanted
    WHERE lower(l."name" || ' ' || l."description") NOT LIKE wanted.value ESCAPE '!')`

export const latestPage = both(
  (dialect) => `SELECT "name", "version" FROM (${latest(dialect)}) AS p ORDER BY "name" LIMIT :most OFFSET :skip`,
)
export const latestCount = both((dialect) => `SELECT COUNT(*) AS "count" FROM (${latest(dialect)}) AS p`)

const AMONG = {
  sqlite: 'value FROM json_each(:workspaces)',
  postgresql: 'json_array_elements_text(CAST(:workspaces AS json))',
}
const NAMED = {
  sqlite: 'value FROM json_each(:names)',
  postgresql: 'json_array_elements_text(CAST(:names AS json))',
}

const within = (dialect: Dialect): string =>
  `(CAST(:workspaces AS TEXT) IS NULL OR "workspaceId" IN (SELECT ${AMONG[dialect]}))`

const whole = (sum: string, dialect: Dialect): string =>
  dialect === 'sqlite' ? `SUM(${sum})` : `CAST(SUM(${sum}) AS bigint)`

const DAY = {
  sqlite: (of: string) => `${of}("day")`,
  postgresql: (of: string) => `to_char(${of}("day"), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
}

/** What runs that carried these versions came to, by `name@version`. */
export const useOfVersions = both(
  (dialect) => `SELECT "value", ${whole('"traces"', dialect)} AS "traces", ${whole('"errors"', dialect)} AS "errors",
      ${whole('"costMicroUsd"', dialect)} AS "cost", ${DAY[dialect]('MIN')} AS "first", ${DAY[dialect]('MAX')} AS "last"
    FROM "TraceFactRollup" WHERE "tenantId" = :tenant AND "day" >= :start AND "fact" = 'skill' AND ${within(dialect)}
      AND "value" IN (SELECT ${NAMED[dialect]})
    GROUP BY "value" HAVING SUM("traces") > 0`,
)

// The state changes only where it still is what the check saw.
export const moveState = writeStatement('skills.move-state', {
  sqlite: `UPDATE "SkillVersion" SET "state" = json_extract(r.value, '$.to'), "updatedAt" = json_extract(r.value, '$.at')
    FROM json_each(:rows) AS r WHERE "SkillVersion"."tenantId" = json_extract(r.value, '$.tenant_id')
      AND "SkillVersion"."name" = json_extract(r.value, '$.name')
      AND "SkillVersion"."version" = json_extract(r.value, '$.version')
      AND "SkillVersion"."state" = json_extract(r.value, '$.from')
      AND "SkillVersion"."contentHash" = json_extract(r.value, '$.hash')
    RETURNING "SkillVersion"."version"`,
  postgresql: `UPDATE "SkillVersion" s SET "state" = r.to_state, "updatedAt" = r.at
    FROM (SELECT tenant_id, name, version, "from" AS from_state, "to" AS to_state, hash, at
      FROM json_to_recordset(:rows::json)
        AS t(tenant_id text, name text, version text, "from" text, "to" text, hash text, at timestamp(3))) AS r
    WHERE s."tenantId" = r.tenant_id AND s."name" = r.name AND s."version" = r.version AND s."state" = r.from_state
      AND s."contentHash" = r.hash
    RETURNING s."version"`,
})
