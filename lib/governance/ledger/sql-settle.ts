import { writeStatement } from '@/lib/core/statement'
import { isKeyOf, isWithin } from './sql-match'

// What a reservation becomes: settled, released or expired, once. A call that outlived its lease tells the truth late;
// nothing expires twice.
const OPEN = `("l"."state" = 'reserved' OR ("l"."state" = 'expired' AND "s"."state" <> 'expired'))`

// One line is told once in a group, and who knows what it cost comes before who gave it up.
const TOLD = {
  sqlite: (
    fields: string,
  ) => `SELECT json_extract(value, '$.tenant_id') AS "tenantId", json_extract(value, '$.id') AS "id",
      json_extract(value, '$.state') AS "state", ${fields}
      MIN(json_extract(value, '$.i') + CASE json_extract(value, '$.state') WHEN 'expired' THEN 1000000 ELSE 0 END)
    FROM json_each(:rows) GROUP BY 1, 2`,
  postgresql: (columns: string) => `SELECT DISTINCT ON (x.tenant_id, x.id) x.tenant_id AS "tenantId", x.*
    FROM json_to_recordset(:rows::json) AS x(i int, tenant_id text, id text, state text, cost bigint${columns})
    ORDER BY x.tenant_id, x.id, x.state = 'expired', x.i`,
}

const MOVED = `"l"."tenantId", "l"."workspaceId", "l"."environment", "l"."agentRole", "l"."userId", "l"."createdAt",
  CASE "l"."state" WHEN 'reserved' THEN "l"."reservedMicroUsd" ELSE 0 END AS "held"`

const OPENED = {
  sqlite: `"o" AS MATERIALIZED (SELECT ${MOVED}, "s"."cost" - "l"."costMicroUsd" AS "spent"
    FROM (${TOLD.sqlite(`json_extract(value, '$.cost') AS "cost",`)}) AS "s"
    CROSS JOIN "LedgerEntry" AS "l" ON "l"."tenantId" = "s"."tenantId" AND "l"."id" = "s"."id" WHERE ${OPEN})`,
  postgresql: `"s" AS MATERIALIZED (${TOLD.postgresql('')}),
    "o" AS MATERIALIZED (SELECT ${MOVED}, "s"."cost" - "l"."costMicroUsd" AS "spent"
      FROM "LedgerEntry" AS "l" JOIN "s" ON "l"."tenantId" = "s"."tenantId" AND "l"."id" = "s"."id" WHERE ${OPEN}
      ORDER BY "l"."tenantId", "l"."id" FOR UPDATE OF "l")`,
}

const RELEASE = `UPDATE "Budget" SET "reservedMicroUsd" = "reservedMicroUsd" - "x"."held",
    "spentMicroUsd" = "spentMicroUsd" + "x"."spent"`
const SUMMED = `SUM("o"."held") AS "held", SUM("o"."spent") AS "spent"`

// The budgets move first: they read what the line still is.
export const release = writeStatement('governance.release-hold', {
  sqlite: `WITH ${OPENED.sqlite} ${RELEASE}
    FROM (SELECT "b"."tenantId", "b"."id", ${SUMMED} FROM "o" CROSS JOIN "Budget" AS "b"
      ON "b"."tenantId" = "o"."tenantId" AND ${isKeyOf('sqlite', '"b"."id"', '"o"')}
        AND ${isWithin('"o"."createdAt"', '"b"')} GROUP BY 1, 2) AS "x"
    WHERE "Budget"."tenantId" = "x"."tenantId" AND "Budget"."id" = "x"."id"`,
  postgresql: `WITH ${OPENED.postgresql},
    "x" AS (SELECT "b"."tenantId", "b"."id", ${SUMMED} FROM "o" JOIN "Budget" AS "b"
      ON "b"."tenantId" = "o"."tenantId" AND ${isKeyOf('postgresql', '"b"."id"', '"o"')}
        AND ${isWithin('"o"."createdAt"', '"b"')} GROUP BY 1, 2)
    ${RELEASE} FROM "x" WHERE "Budget"."tenantId" = "x"."tenantId" AND "Budget"."id" = "x"."id"`,
})

const PAST = `"p"."tenantId" = "o"."tenantId" AND "p"."periodStart" <= "o"."createdAt" AND "p"."periodEnd" > "o"."createdAt"`
const LATE = `UPDATE "BudgetPeriod" SET "spentMicroUsd" = "BudgetPeriod"."spentMicroUsd" + "x"."spent"`
const SAME = `"BudgetPeriod"."tenantId" = "x"."tenantId" AND "BudgetPeriod"."budgetId" = "x"."budgetId"
  AND "BudgetPeriod"."periodStart" = "x"."periodStart"`
const OF_PERIOD = `"p"."tenantId", "p"."budgetId", "p"."periodStart", SUM("o"."spent") AS "spent"`

// The truth about a call of a period that is over. No period that ends by itself is longer than a month, so the index
// need not be read further back.
export const correctPeriod = writeStatement('governance.correct-period', {
  sqlite: `WITH ${OPENED.sqlite} ${LATE}
    FROM (SELECT ${OF_PERIOD} FROM "o" CROSS JOIN "BudgetPeriod" AS "p"
      ON ${PAST} AND ${isKeyOf('sqlite', '"p"."budgetId"', '"o"')}
        AND "p"."periodStart" > strftime('%Y-%m-%dT%H:%M:%f+00:00', "o"."createdAt", '-33 days')
      GROUP BY 1, 2, 3) AS "x" WHERE ${SAME}`,
  postgresql: `WITH ${OPENED.postgresql},
    "x" AS (SELECT ${OF_PERIOD} FROM "o" JOIN "BudgetPeriod" AS "p"
      ON ${PAST} AND ${isKeyOf('postgresql', '"p"."budgetId"', '"o"')}
        AND "p"."periodStart" > "o"."createdAt" - interval '33 days'
      GROUP BY 1, 2, 3)
    ${LATE} FROM "x" WHERE ${SAME}`,
})

const COLUMNS = {
  costMicroUsd: ['cost', 'bigint'],
  inputTokens: ['input', 'int'],
  outputTokens: ['output', 'int'],
  cacheReadTokens: ['cache_read', 'int'],
  cacheWriteTokens: ['cache_write', 'int'],
  reasoningTokens: ['reasoning', 'int'],
  isEstimated: ['is_estimated', 'boolean'],
  settledAt: ['now', 'timestamp(3)'],
} as const

const FIELDS = Object.entries(COLUMNS)
const ASSIGNED = FIELDS.map(([name, [key]]) => `"${name}" = "s"."${key}"`).join(', ')

export const settle = writeStatement('governance.settle', {
  sqlite: `UPDATE "LedgerEntry" AS "l" SET "state" = "s"."state", ${ASSIGNED},
      "priceVersion" = COALESCE("s"."price", "l"."priceVersion")
    FROM (${TOLD.sqlite(`${FIELDS.map(([, [key]]) => `json_extract(value, '$.${key}') AS "${key}",`).join(' ')} json_extract(value, '$.price') AS "price",`)}) AS "s"
    WHERE "l"."tenantId" = "s"."tenantId" AND "l"."id" = "s"."id" AND ${OPEN}`,
  postgresql: `WITH "s" AS MATERIALIZED (${TOLD.postgresql(
    `${FIELDS.filter(([, [key]]) => key !== 'cost')
      .map(([, [key, type]]) => `, ${key} ${type}`)
      .join('')}, price text`,
  )})
    UPDATE "LedgerEntry" AS "l" SET "state" = "s"."state", ${ASSIGNED},
      "priceVersion" = COALESCE("s"."price", "l"."priceVersion")
    FROM "s" WHERE "l"."tenantId" = "s"."tenantId" AND "l"."id" = "s"."id" AND ${OPEN}`,
})
