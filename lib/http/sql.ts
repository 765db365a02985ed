import { readStatement, writeStatement } from '@/lib/core/statement'

const COLUMNS = `"tenantId", "principal", "route", "key", "bodyHash", "state", "traceId", "createdAt", "leaseUntil", "expiresAt"`

// A key that is new, or whose day is over, or whose first call died before it could answer.
const TAKEN_OVER = `ON CONFLICT ("tenantId", "principal", "route", "key") DO UPDATE SET
  "bodyHash" = excluded."bodyHash", "state" = 'running', "status" = NULL, "reply" = NULL, "traceId" = excluded."traceId",
  "createdAt" = excluded."createdAt", "leaseUntil" = excluded."leaseUntil", "expiresAt" = excluded."expiresAt"
  WHERE "IdempotencyKey"."expiresAt" < excluded."createdAt"
    OR ("IdempotencyKey"."state" = 'running' AND "IdempotencyKey"."leaseUntil" < excluded."createdAt"
      AND "IdempotencyKey"."bodyHash" = excluded."bodyHash")
  RETURNING "key"`

export const claimKey = writeStatement('http.claim-key', {
  sqlite: `INSERT INTO "IdempotencyKey" (${COLUMNS})
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.principal'), json_extract(value, '$.route'),
      json_extract(value, '$.key'), json_extract(value, '$.hash'), 'running', json_extract(value, '$.trace'),
      json_extract(value, '$.now'), json_extract(value, '$.lease'), json_extract(value, '$.expires')
    FROM json_each(:rows) WHERE true ${TAKEN_OVER}`,
  postgresql: `INSERT INTO "IdempotencyKey" (${COLUMNS})
    SELECT r.tenant_id, r.principal, r.route, r.key, r.hash, 'running', r.trace, r.now, r.lease, r.expires
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, principal text, route text, key text, hash text,
      trace text, now timestamp(3), lease timestamp(3), expires timestamp(3)) ${TAKEN_OVER}`,
})

// Only the claim that is still the key's own: a call that outlived its lease speaks for nobody.
const ROW_OF = {
  sqlite: `k."tenantId" = json_extract(r.value, '$.tenant_id') AND k."principal" = json_extract(r.value, '$.principal')
    AND k."route" = json_extract(r.value, '$.route') AND k."key" = json_extract(r.value, '$.key')
    AND k."leaseUntil" = json_extract(r.value, '$.lease')`,
  postgresql: `k."tenantId" = r.tenant_id AND k."principal" = r.principal AND k."route" = r.route AND k."key" = r.key
    AND k."leaseUntil" = r.lease`,
}

export const answerKey = writeStatement('http.answer-key', {
  sqlite: `UPDATE "IdempotencyKey" AS k SET "state" = 'done', "status" = json_extract(r.value, '$.status'),
      "reply" = json_extract(r.value, '$.reply'), "traceId" = json_extract(r.value, '$.trace')
    FROM json_each(:rows) AS r WHERE ${ROW_OF.sqlite}`,
  postgresql: `UPDATE "IdempotencyKey" AS k SET "state" = 'done', "status" = r.status, "reply" = r.reply, "traceId" = r.trace
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, principal text, route text, key text, status int,
      reply text, trace text, lease timestamp(3))
    WHERE ${ROW_OF.postgresql}`,
})

export const freeKey = writeStatement('http.free-key', {
  sqlite: `DELETE FROM "IdempotencyKey" AS k WHERE k."state" = 'running' AND EXISTS (
    SELECT 1 FROM json_each(:rows) AS r WHERE ${ROW_OF.sqlite})`,
  postgresql: `DELETE FROM "IdempotencyKey" AS k USING json_to_recordset(:rows::json) AS r(tenant_id text, principal text,
    route text, key text, lease timestamp(3)) WHERE k."state" = 'running' AND ${ROW_OF.postgresql}`,
})

export const findKey = readStatement(`SELECT "bodyHash", "state", "status", "reply", "traceId" FROM "IdempotencyKey"
  WHERE "tenantId" = :tenant AND "principal" = :principal AND "route" = :route AND "key" = :key`)
