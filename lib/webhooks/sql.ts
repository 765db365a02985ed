import { writeStatement } from '@/lib/core/statement'

export const insertDelivery = writeStatement('webhooks.insert', {
  sqlite: `INSERT INTO "WebhookDelivery" ("tenantId", "id", "traceId", "event", "url", "body", "sealed", "state", "createdAt")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id'), json_extract(value, '$.trace'),
      json_extract(value, '$.event'), json_extract(value, '$.url'), json_extract(value, '$.body'),
      json_extract(value, '$.sealed'), 'queued', json_extract(value, '$.at')
    FROM json_each(:rows)`,
  postgresql: `INSERT INTO "WebhookDelivery" ("tenantId", "id", "traceId", "event", "url", "body", "sealed", "state", "createdAt")
    SELECT r.tenant_id, r.id, r.trace, r.event, r.url, r.body, r.sealed, 'queued', r.at
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, trace text, event text, url text, body text,
      sealed text, at timestamp(3))`,
})

// Only what still waits is changed: whoever comes second changes nothing.
export const noteAttempt = writeStatement('webhooks.attempted', {
  sqlite: `UPDATE "WebhookDelivery" SET "state" = json_extract(r.value, '$.state'), "attempts" = json_extract(r.value, '$.attempt'),
      "lastStatus" = json_extract(r.value, '$.status'), "lastError" = json_extract(r.value, '$.error'),
      "finishedAt" = json_extract(r.value, '$.finished'),
      "sealed" = CASE WHEN json_extract(r.value, '$.forgets') THEN NULL ELSE "sealed" END
    FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "WebhookDelivery"."id" = json_extract(r.value, '$.id')
      AND "state" = 'queued' AND "attempts" = json_extract(r.value, '$.attempt') - 1
    RETURNING "WebhookDelivery"."id"`,
  postgresql: `UPDATE "WebhookDelivery" SET "state" = r.state, "attempts" = r.attempt, "lastStatus" = r.status,
      "lastError" = r.error, "finishedAt" = r.finished, "sealed" = CASE WHEN r.forgets THEN NULL ELSE "sealed" END
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, state text, attempt int, status int, error text,
      finished timestamp(3), forgets boolean)
    WHERE "WebhookDelivery"."tenantId" = r.tenant_id AND "WebhookDelivery"."id" = r.id
      AND "WebhookDelivery"."state" = 'queued' AND "WebhookDelivery"."attempts" = r.attempt - 1
    RETURNING "WebhookDelivery"."id"`,
})

export const insertAttempt = writeStatement('webhooks.attempt', {
  sqlite: `INSERT INTO "WebhookAttempt" ("tenantId", "deliveryId", "attempt", "at", "durationMs", "status", "error")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id'), json_extract(value, '$.attempt'),
      json_extract(value, '$.at'), json_extract(value, '$.ms'), json_extract(value, '$.status'),
      json_extract(value, '$.error')
    FROM json_each(:rows)`,
  postgresql: `INSERT INTO "WebhookAttempt" ("tenantId", "deliveryId", "attempt", "at", "durationMs", "status", "error")
    SELECT r.tenant_id, r.id, r.attempt, r.at, r.ms, r.status, r.error
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, attempt int, at timestamp(3), ms int,
      status int, error text)`,
})

// Unless somebody has sent it again meanwhile.
export const forgetTarget = writeStatement('webhooks.forget', {
  sqlite: `UPDATE "WebhookDelivery" SET "sealed" = NULL FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "WebhookDelivery"."id" = json_extract(r.value, '$.id')
      AND "state" = 'dead' AND "attempts" = json_extract(r.value, '$.attempts')`,
  postgresql: `UPDATE "WebhookDelivery" SET "sealed" = NULL
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, attempts int)
    WHERE "WebhookDelivery"."tenantId" = r.tenant_id AND "WebhookDelivery"."id" = r.id
      AND "WebhookDelivery"."state" = 'dead' AND "WebhookDelivery"."attempts" = r.attempts`,
})
