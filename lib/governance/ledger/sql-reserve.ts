import { writeStatement } from '@/lib/core/statement'
import { isKeyOf, isWithin, keysIn } from './sql-match'

const FIELDS = {
  tenantId: ['tenant_id', 'text'],
  id: ['id', 'text'],
  traceId: ['trace', 'text'],
  workspaceId: ['workspace', 'text'],
  environment: ['environment', 'text'],
  agentRole: ['role', 'text'],
  userId: ['user', 'text'],
  adapterId: ['adapter', 'text'],
  kind: ['kind', 'text'],
  provider: ['provider', 'text'],
  model: ['model', 'text'],
  reservedMicroUsd: ['amount', 'bigint'],
  priceVersion: ['price_version', 'text'],
  leaseUntil: ['lease', 'timestamp(3)'],
  now: ['now', 'timestamp(3)'],
} as const

const NAMES = Object.keys(FIELDS).filter((name) => name !== 'now')
const COLUMNS = [...NAMES, 'state', 'createdAt'].map((name) => `"${name}"`).join(', ')
const VALUES = NAMES.map((name) => `"r"."${name}"`).join(', ')

const ROWS = {
  sqlite: `"r" AS MATERIALIZED (SELECT json_extract(value, '$.i') AS "i",
    ${Object.entries(FIELDS)
      .map(([name, [key]]) => `json_extract(value, '$.${key}') AS "${name}"`)
      .join(', ')} FROM json_each(:rows))`,
  postgresql: `"r" AS MATERIALIZED (SELECT "i",
    ${Object.entries(FIELDS)
      .map(([name, [key]]) => `"${key}" AS "${name}"`)
      .join(', ')} FROM json_to_recordset(:rows::json) AS x("i" int,
    ${Object.values(FIELDS)
      .map(([key, type]) => `"${key}" ${type}`)
      .join(', ')}))`,
}

const LATEST = { sqlite: 'MAX', postgresql: 'GREATEST' }
const SUM_OF_RUN = `SELECT COALESCE(SUM("l"."costMicroUsd"
    + CASE "l"."state" WHEN 'reserved' THEN "l"."reservedMicroUsd" ELSE 0 END), 0)
  FROM "LedgerEntry" AS "l" WHERE "l"."tenantId" = "w"."tenantId" AND "l"."traceId" = "w"."traceId"`

// Each row beside each budget that it counts toward. A period that is over must be begun anew first. A clock behind the one that began the period counts into it.
const weighed = (dialect: 'sqlite' | 'postgresql', budgets: string): string => `"w" AS (
    SELECT "r"."i", "r"."tenantId", "r"."traceId", "r"."reservedMicroUsd" AS "amount", "b"."id", "b"."isHard",
      "b"."limitMicroUsd", "b"."spentMicroUsd" + "b"."reservedMicroUsd" AS "used", "b"."perRunMicroUsd",
      "b"."period", "b"."periodStart", "b"."periodEnd", ${LATEST[dialect]}("r"."now", COALESCE(MAX(CASE WHEN "b"."period" <> 'custom'
        THEN "b"."periodStart" END) OVER (PARTITION BY "r"."i"), "r"."now")) AS "at"
    FROM ${budgets}),
  "n" AS (
    SELECT "w".*, "used" + SUM(CASE WHEN ${isWithin('"at"', '"w"')} THEN "amount" ELSE 0 END)
        OVER (PARTITION BY "tenantId", "id" ORDER BY "i") AS "after",
      SUM("amount") OVER (PARTITION BY "tenantId", "id", "traceId" ORDER BY "i") AS "ofRun"
    FROM "w"),
  "refused" AS (
    SELECT "i" FROM "n" AS "w"
    WHERE ("period" <> 'custom' AND ("periodEnd" IS NULL OR "at" >= "periodEnd"))
      OR ("isHard" AND ("at" >= "periodEnd" OR ("at" >= "periodStart" AND "after" > "limitMicroUsd")))
      OR CASE WHEN "perRunMicroUsd" IS NULL THEN false ELSE "ofRun" + (${SUM_OF_RUN}) > "perRunMicroUsd" END),
  "t" AS (SELECT "i", MAX("at") AS "at" FROM "w" GROUP BY "i")`

const INSERTION = `SELECT ${VALUES}, 'reserved', COALESCE("t"."at", "r"."now")
  FROM "r" LEFT JOIN "t" ON "t"."i" = "r"."i"
  WHERE "r"."i" NOT IN (SELECT "i" FROM "refused") RETURNING "id"`

// The reservations of one group count one after the other. A row that does not fit every one of its budgets is not
// written; its guard fails, and each command then goes alone, so that what is refused counts against nobody. On
// PostgreSQL the budgets are locked until the commit, in one order.
export const reserve = writeStatement('governance.reserve', {
  sqlite: `WITH ${ROWS.sqlite},
    ${weighed('sqlite', `"r" CROSS JOIN "Budget" AS "b" ON "b"."tenantId" = "r"."tenantId" AND ${isKeyOf('sqlite', '"b"."id"', '"r"')}`)}
    INSERT INTO "LedgerEntry" (${COLUMNS}) ${INSERTION}`,
  postgresql: `WITH ${ROWS.postgresql},
    "b" AS MATERIALIZED (SELECT * FROM "Budget" WHERE ("tenantId", "id") IN (
        SELECT "r"."tenantId", unnest(${keysIn.postgresql('"r"')}) FROM "r")
      ORDER BY "tenantId", "id" FOR UPDATE),
    ${weighed('postgresql', `"r" JOIN "b" ON "b"."tenantId" = "r"."tenantId" AND ${isKeyOf('postgresql', '"b"."id"', '"r"')}`)}
    INSERT INTO "LedgerEntry" (${COLUMNS}) ${INSERTION}`,
})

const UNASKED = `SELECT ${VALUES}, 'reserved', "r"."now" FROM "r" WHERE true ON CONFLICT DO NOTHING RETURNING "id"`

// A cost that nobody could refuse any more. It is settled in the same command.
export const charge = writeStatement('governance.charge', {
  sqlite: `WITH ${ROWS.sqlite} INSERT INTO "LedgerEntry" (${COLUMNS}) ${UNASKED}`,
  postgresql: `WITH ${ROWS.postgresql} INSERT INTO "LedgerEntry" (${COLUMNS}) ${UNASKED}`,
})

// What was just written is held in each budget of its period.
export const hold = writeStatement('governance.hold', {
  sqlite: `UPDATE "Budget" SET "reservedMicroUsd" = "reservedMicroUsd" + "x"."amount"
    FROM (SELECT "b"."tenantId", "b"."id", SUM("l"."reservedMicroUsd") AS "amount"
      FROM json_each(:rows) AS "r" CROSS JOIN "LedgerEntry" AS "l"
        ON "l"."tenantId" = json_extract("r".value, '$.tenant_id') AND "l"."id" = json_extract("r".value, '$.id')
      CROSS JOIN "Budget" AS "b" ON "b"."tenantId" = "l"."tenantId" AND ${isKeyOf('sqlite', '"b"."id"', '"l"')}
        AND ${isWithin('"l"."createdAt"', '"b"')}
      GROUP BY 1, 2) AS "x"
    WHERE "Budget"."tenantId" = "x"."tenantId" AND "Budget"."id" = "x"."id"`,
  postgresql: `UPDATE "Budget" SET "reservedMicroUsd" = "reservedMicroUsd" + x.amount
    FROM (SELECT "b"."tenantId", "b"."id", SUM("l"."reservedMicroUsd") AS amount
      FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text)
      JOIN "LedgerEntry" AS "l" ON "l"."tenantId" = r.tenant_id AND "l"."id" = r.id
      JOIN "Budget" AS "b" ON "b"."tenantId" = "l"."tenantId" AND ${isKeyOf('postgresql', '"b"."id"', '"l"')}
        AND ${isWithin('"l"."createdAt"', '"b"')}
      GROUP BY 1, 2) AS x
    WHERE "Budget"."tenantId" = x."tenantId" AND "Budget"."id" = x."id"`,
})

// Not in whole numbers: ten thousand times a great limit is more than a bigint holds.
export const CROSSED = `("b"."spentMicroUsd" + "b"."reservedMicroUsd") * 10000.0
    >= "b"."limitMicroUsd" * (1.0 * "b"."alertBasisPoints") AND "b"."warnedAt" IS NULL
  OR "b"."spentMicroUsd" + "b"."reservedMicroUsd" > "b"."limitMicroUsd" AND "b"."exceededAt" IS NULL`

// Which of them have reached what people want to be told of.
export const watch = writeStatement('governance.watch-budgets', {
  sqlite: `SELECT MIN(json_extract("r".value, '$.i')) AS "i", "b"."id" AS "budget"
    FROM json_each(:rows) AS "r" CROSS JOIN "LedgerEntry" AS "l"
      ON "l"."tenantId" = json_extract("r".value, '$.tenant_id') AND "l"."id" = json_extract("r".value, '$.id')
    CROSS JOIN "Budget" AS "b" ON "b"."tenantId" = "l"."tenantId" AND ${isKeyOf('sqlite', '"b"."id"', '"l"')}
    WHERE (${CROSSED}) GROUP BY "b"."tenantId", "b"."id"`,
  postgresql: `SELECT MIN(r.i) AS "i", "b"."id" AS "budget" FROM json_to_recordset(:rows::json) AS r(i int, tenant_id text, id text)
    JOIN "LedgerEntry" AS "l" ON "l"."tenantId" = r.tenant_id AND "l"."id" = r.id
    JOIN "Budget" AS "b" ON "b"."tenantId" = "l"."tenantId" AND ${isKeyOf('postgresql', '"b"."id"', '"l"')}
    WHERE (${CROSSED}) GROUP BY "b"."tenantId", "b"."id"`,
})
