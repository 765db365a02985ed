import { writeStatement } from '@/lib/core/statement'
import { isKeyOf, isWithin } from './sql-match'

const TOLD = {
  sqlite: `(SELECT json_extract(value, '$.tenant_id') AS "tenantId", json_extract(value, '$.id') AS "id",
      SUM(json_extract(value, '$.cost')) AS "cost" FROM json_each(:rows) GROUP BY 1, 2) AS "s"`,
  postgresql: `(SELECT tenant_id AS "tenantId", id, SUM(cost)::bigint AS cost FROM json_to_recordset(:rows::json)
      AS x(tenant_id text, id text, cost bigint) GROUP BY 1, 2) AS "s"`,
}

const HELD = `"l"."tenantId" = "s"."tenantId" AND "l"."id" = "s"."id" AND "l"."state" = 'reserved'`
const TAKEN = `CASE WHEN "s"."cost" < "l"."reservedMicroUsd" THEN "s"."cost" ELSE "l"."reservedMicroUsd" END`

const drawing = (dialect: 'sqlite' | 'postgresql'): string => `UPDATE "Budget"
  SET "reservedMicroUsd" = "reservedMicroUsd" - "x"."taken"
  FROM (SELECT "b"."tenantId", "b"."id", SUM(${TAKEN}) AS "taken" FROM ${TOLD[dialect]}
    JOIN "LedgerEntry" AS "l" ON ${HELD}
    JOIN "Budget" AS "b" ON "b"."tenantId" = "l"."tenantId" AND ${isKeyOf(dialect, '"b"."id"', '"l"')}
      AND ${isWithin('"l"."createdAt"', '"b"')} GROUP BY 1, 2) AS "x"
  WHERE "Budget"."tenantId" = "x"."tenantId" AND "Budget"."id" = "x"."id"`

// The budgets move first: they read what the line still holds.
export const drawBudgets = writeStatement('governance.draw-budgets', {
  sqlite: drawing('sqlite'),
  postgresql: drawing('postgresql'),
})

const lessening = (dialect: 'sqlite' | 'postgresql'): string => `UPDATE "LedgerEntry" AS "l"
  SET "reservedMicroUsd" = "l"."reservedMicroUsd" - ${TAKEN} FROM ${TOLD[dialect]} WHERE ${HELD}`

export const drawLine = writeStatement('governance.draw-line', {
  sqlite: lessening('sqlite'),
  postgresql: lessening('postgresql'),
})
