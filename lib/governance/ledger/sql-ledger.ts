import { readStatement, writeStatement } from '@/lib/core/statement'

const COLUMNS = `"tenantId", "id", "traceId", "workspaceId", "environment", "agentRole", "userId", "kind", "provider",
  "model", "state", "reservedMicroUsd", "priceVersion", "createdAt", "leaseUntil"`

// The reservations of one group count one after the other; who does not fit is refused and nothing is written for it.
const FITS = `"b"."id" IS NULL OR NOT "b"."isHard"
  OR "b"."spentMicroUsd" + "b"."reservedMicroUsd" + "r"."running" <= "b"."limitMicroUsd"`

// On PostgreSQL the budgets are locked until the commit, in one order, so that two processes cannot both see room.
export const reserve = writeStatement('governance.reserve', {
  sqlite: `INSERT INTO "LedgerEntry" (${COLUMNS})
    SELECT "r"."tenant", json_extract("r"."value", '$.id'), json_extract("r"."value", '$.trace'),
      json_extract("r"."value", '$.workspace'), json_extract("r"."value", '$.environment'),
      json_extract("r"."value", '$.role'), json_extract("r"."value", '$.user'), json_extract("r"."value", '$.kind'),
      json_extract("r"."value", '$.provider'), json_extract("r"."value", '$.model'), 'reserved',
      json_extract("r"."value", '$.amount'), json_extract("r"."value", '$.price_version'),
      json_extract("r"."value", '$.now'), json_extract("r"."value", '$.lease')
    FROM (SELECT value, json_extract(value, '$.tenant_id') AS "tenant", SUM(json_extract(value, '$.amount')) OVER (
        PARTITION BY json_extract(value, '$.tenant_id') ORDER BY json_extract(value, '$.i')) AS "running"
      FROM json_each(:rows)) AS "r"
    LEFT JOIN "Budget" AS "b" ON "b"."tenantId" = "r"."tenant" AND "b"."id" = 'tenant'
    WHERE ${FITS} RETURNING "id"`,
  postgresql: `WITH "b" AS MATERIALIZED (
      SELECT * FROM "Budget" WHERE "id" = 'tenant'
        AND "tenantId" IN (SELECT tenant_id FROM json_to_recordset(:rows::json) AS x(tenant_id text))
      ORDER BY "tenantId" FOR UPDATE)
    INSERT INTO "LedgerEntry" (${COLUMNS})
    SELECT r.tenant_id, r.id, r.trace, r.workspace, r.environment, r.role, r."user", r.kind, r.provider, r.model,
      'reserved', r.amount, r.price_version, r.now, r.lease
    FROM (SELECT x.*, SUM(x.amount) OVER (PARTITION BY x.tenant_id ORDER BY x.i) AS running
      FROM json_to_recordset(:rows::json) AS x(i int, tenant_id text, id text, trace text, workspace text,
        environment text, role text, "user" text, kind text, provider text, model text, amount bigint,
        price_version text, now timestamp(3), lease timestamp(3))) AS r
    LEFT JOIN "b" ON "b"."tenantId" = r.tenant_id
    WHERE ${FITS} RETURNING "id"`,
})

export const hold = writeStatement('governance.hold', {
  sqlite: `UPDATE "Budget" SET "reservedMicroUsd" = "reservedMicroUsd" + "r"."amount"
    FROM (SELECT json_extract(value, '$.tenant_id') AS "tenant", SUM(json_extract(value, '$.amount')) AS "amount"
      FROM json_each(:rows) GROUP BY 1) AS "r"
    WHERE "Budget"."tenantId" = "r"."tenant" AND "Budget"."id" = 'tenant'`,
  postgresql: `UPDATE "Budget" SET "reservedMicroUsd" = "reservedMicroUsd" + r.amount
    FROM (SELECT tenant_id, SUM(amount) AS amount FROM json_to_recordset(:rows::json) AS x(tenant_id text, amount bigint)
      GROUP BY 1) AS r
    WHERE "Budget"."tenantId" = r.tenant_id AND "Budget"."id" = 'tenant'`,
})

// What a reservation becomes: settled, released or expired, once. A call that outlived its lease tells the truth late.
const OPEN = `"l"."state" IN ('reserved', 'expired')`

export const release = writeStatement('governance.release-hold', {
  sqlite: `UPDATE "Budget" SET "reservedMicroUsd" = "reservedMicroUsd" - "r"."held",
      "spentMicroUsd" = "spentMicroUsd" + "r"."spent"
    FROM (SELECT "l"."tenantId" AS "tenant",
        SUM(CASE "l"."state" WHEN 'reserved' THEN "l"."reservedMicroUsd" ELSE 0 END) AS "held",
        SUM(json_extract(value, '$.cost') - "l"."costMicroUsd") AS "spent"
      FROM json_each(:rows) JOIN "LedgerEntry" AS "l" ON "l"."tenantId" = json_extract(value, '$.tenant_id')
        AND "l"."id" = json_extract(value, '$.id') AND ${OPEN} GROUP BY 1) AS "r"
    WHERE "Budget"."tenantId" = "r"."tenant" AND "Budget"."id" = 'tenant'`,
  postgresql: `WITH open AS MATERIALIZED (
      SELECT "l"."tenantId", "l"."state", "l"."reservedMicroUsd", r.cost - "l"."costMicroUsd" AS spent
      FROM "LedgerEntry" AS "l" JOIN json_to_recordset(:rows::json) AS r(tenant_id text, id text, cost bigint)
        ON "l"."tenantId" = r.tenant_id AND "l"."id" = r.id
      WHERE ${OPEN} ORDER BY "l"."tenantId", "l"."id" FOR UPDATE OF "l"),
    r AS (SELECT "tenantId", SUM(CASE "state" WHEN 'reserved' THEN "reservedMicroUsd" ELSE 0 END) AS held,
      SUM(spent) AS spent FROM open GROUP BY 1)
    UPDATE "Budget" SET "reservedMicroUsd" = "reservedMicroUsd" - r.held, "spentMicroUsd" = "spentMicroUsd" + r.spent
    FROM r WHERE "Budget"."tenantId" = r."tenantId" AND "Budget"."id" = 'tenant'`,
})

export const settle = writeStatement('governance.settle', {
  sqlite: `UPDATE "LedgerEntry" AS "l" SET "state" = json_extract(r.value, '$.state'),
      "costMicroUsd" = json_extract(r.value, '$.cost'), "inputTokens" = json_extract(r.value, '$.input'),
      "outputTokens" = json_extract(r.value, '$.output'), "cacheReadTokens" = json_extract(r.value, '$.cache_read'),
      "cacheWriteTokens" = json_extract(r.value, '$.cache_write'),
      "isEstimated" = json_extract(r.value, '$.is_estimated'), "settledAt" = json_extract(r.value, '$.now')
    FROM json_each(:rows) AS r
    WHERE "l"."tenantId" = json_extract(r.value, '$.tenant_id') AND "l"."id" = json_extract(r.value, '$.id') AND ${OPEN}`,
  postgresql: `UPDATE "LedgerEntry" AS "l" SET "state" = r.state, "costMicroUsd" = r.cost, "inputTokens" = r.input,
      "outputTokens" = r.output, "cacheReadTokens" = r.cache_read, "cacheWriteTokens" = r.cache_write,
      "isEstimated" = r.is_estimated, "settledAt" = r.now
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, state text, cost bigint, input int, output int,
      cache_read int, cache_write int, is_estimated boolean, now timestamp(3))
    WHERE "l"."tenantId" = r.tenant_id AND "l"."id" = r.id AND ${OPEN}`,
})

export const findBudget = readStatement(`SELECT "limitMicroUsd", "spentMicroUsd", "reservedMicroUsd", "isHard"
  FROM "Budget" WHERE "tenantId" = :tenant AND "id" = 'tenant'`)

// What was refused or released cost nothing and counts as no request.
const summed = (fence: string) => `SELECT COUNT(DISTINCT "traceId") AS "requests",
    COALESCE(SUM("inputTokens" + "cacheReadTokens" + "cacheWriteTokens"), 0) AS "input",
    COALESCE(SUM("outputTokens"), 0) AS "output", COALESCE(SUM("costMicroUsd"), 0) AS "cost"
  FROM "LedgerEntry" WHERE "tenantId" = :tenant AND "createdAt" >= :start AND "createdAt" < :end
    AND "state" IN ('settled', 'expired') AND (CAST(:user AS TEXT) IS NULL OR "userId" = :user)
    AND (CAST(:workspaces AS TEXT) IS NULL OR "workspaceId" IN (SELECT ${fence}))`

// Of one user and of the workspaces in the JSON list, or of all where it is null.
export const sumLedger = readStatement({
  sqlite: summed('value FROM json_each(:workspaces)'),
  postgresql: summed('json_array_elements_text(CAST(:workspaces AS json))'),
})
