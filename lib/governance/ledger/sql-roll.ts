import { writeStatement } from '@/lib/core/statement'
import { isKeyOf, isWithin } from './sql-match'

type Dialect = 'sqlite' | 'postgresql'

const FROM = {
  sqlite: `(SELECT json_extract(value, '$.tenant_id') AS "tenantId", json_extract(value, '$.id') AS "id",
      json_extract(value, '$.old_end') AS "oldEnd", json_extract(value, '$.start') AS "start",
      json_extract(value, '$.end') AS "end" FROM json_each(:rows)) AS "r"`,
  postgresql: `(SELECT tenant_id AS "tenantId", id, old_end AS "oldEnd", start, "end" FROM json_to_recordset(:rows::json)
      AS x(tenant_id text, id text, old_end timestamp(3), start timestamp(3), "end" timestamp(3))) AS "r"`,
}

const ofBudget = (b: string): string => `${b}."tenantId" = "r"."tenantId" AND ${b}."id" = "r"."id"`
// Who comes second finds another end and changes nothing.
const isUnchanged = (b: string): string => `${ofBudget(b)} AND ${b}."periodEnd" IS NOT DISTINCT FROM "r"."oldEnd"`

const INTO = `INSERT INTO "BudgetPeriod"
  ("tenantId", "budgetId", "periodStart", "periodEnd", "limitMicroUsd", "isHard", "spentMicroUsd")`
const AGAIN = `ON CONFLICT ("tenantId", "budgetId", "periodStart") DO UPDATE SET "periodEnd" = excluded."periodEnd",
  "limitMicroUsd" = excluded."limitMicroUsd", "isHard" = excluded."isHard", "spentMicroUsd" = excluded."spentMicroUsd"`

const closing = (dialect: Dialect): string => `${INTO}
  SELECT "b"."tenantId", "b"."id", "b"."periodStart", "b"."periodEnd", "b"."limitMicroUsd", "b"."isHard", "b"."spentMicroUsd"
  FROM ${FROM[dialect]} JOIN "Budget" AS "b" ON ${isUnchanged('"b"')}
  WHERE "b"."periodStart" IS NOT NULL AND "b"."periodEnd" IS NOT NULL ${AGAIN}`

export const closePeriod = writeStatement('governance.close-period', {
  sqlite: closing('sqlite'),
  postgresql: closing('postgresql'),
})

// Periods that passed while nobody looked. Money may have been spent in them: late, or under a soft limit.
const passing = (dialect: Dialect): string => `${INTO}
  SELECT "b"."tenantId", "b"."id", "r"."start", "r"."end", "b"."limitMicroUsd", "b"."isHard", SUM("l"."costMicroUsd")
  FROM ${FROM[dialect]} JOIN "Budget" AS "b" ON ${isUnchanged('"b"')}
  JOIN "LedgerEntry" AS "l" ON "l"."tenantId" = "b"."tenantId" AND "l"."createdAt" >= "r"."start"
    AND "l"."createdAt" < "r"."end" AND ${isKeyOf(dialect, '"b"."id"', '"l"')}
  WHERE true GROUP BY "b"."tenantId", "b"."id", "r"."start", "r"."end", "b"."limitMicroUsd", "b"."isHard" ${AGAIN}`

export const passPeriods = writeStatement('governance.pass-periods', {
  sqlite: passing('sqlite'),
  postgresql: passing('postgresql'),
})

const rolling = (dialect: Dialect): string => `UPDATE "Budget" SET "periodStart" = "r"."start", "periodEnd" = "r"."end",
    "spentMicroUsd" = 0, "reservedMicroUsd" = 0, "warnedAt" = NULL, "exceededAt" = NULL
  FROM ${FROM[dialect]} WHERE ${isUnchanged('"Budget"')}`

export const roll = writeStatement('governance.roll', {
  sqlite: rolling('sqlite'),
  postgresql: rolling('postgresql'),
})

const summed = (dialect: Dialect, what: string): string => `(SELECT COALESCE(SUM(${what}), 0) FROM "LedgerEntry" AS "l"
  WHERE "l"."tenantId" = "Budget"."tenantId" AND ${isWithin('"l"."createdAt"', '"Budget"')}
    AND ${isKeyOf(dialect, '"Budget"."id"', '"l"')})`

const counting = (dialect: Dialect): string => `UPDATE "Budget"
  SET "spentMicroUsd" = ${summed(dialect, '"l"."costMicroUsd"')},
    "reservedMicroUsd" = ${summed(dialect, `CASE "l"."state" WHEN 'reserved' THEN "l"."reservedMicroUsd" ELSE 0 END`)}
  FROM ${FROM[dialect]} WHERE ${ofBudget('"Budget"')}`

// What the ledger says of the budget's own period. Right whenever it is asked while nothing else moves.
export const recount = writeStatement('governance.recount', {
  sqlite: counting('sqlite'),
  postgresql: counting('postgresql'),
})

const noting = (column: 'warnedAt' | 'exceededAt') =>
  writeStatement(`governance.note-${column === 'warnedAt' ? 'warning' : 'excess'}`, {
    sqlite: `UPDATE "Budget" SET "${column}" = json_extract("r".value, '$.now') FROM json_each(:rows) AS "r"
      WHERE "Budget"."tenantId" = json_extract("r".value, '$.tenant_id') AND "Budget"."id" = json_extract("r".value, '$.id')
        AND "Budget"."periodEnd" = json_extract("r".value, '$.end') AND "${column}" IS NULL RETURNING "Budget"."id"`,
    postgresql: `UPDATE "Budget" SET "${column}" = r.now
      FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, now timestamp(3), "end" timestamp(3))
      WHERE "Budget"."tenantId" = r.tenant_id AND "Budget"."id" = r.id AND "Budget"."periodEnd" = r."end"
        AND "${column}" IS NULL RETURNING "Budget"."id"`,
  })

// Guarded: of all who see the threshold crossed, one tells it, once in a period.
export const noteWarning = noting('warnedAt')
export const noteExcess = noting('exceededAt')
