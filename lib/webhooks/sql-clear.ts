import { writeStatement } from '@/lib/core/statement'

const OF_TRACES = {
  sqlite: `"state" <> 'queued' AND ("tenantId", "traceId") IN (
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id') FROM json_each(:rows))`,
  postgresql: `"state" <> 'queued' AND ("tenantId", "traceId") IN (
    SELECT tenant_id, id FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text))`,
}

export const dropDeliveries = writeStatement('webhooks.drop', {
  sqlite: `DELETE FROM "WebhookDelivery" WHERE ${OF_TRACES.sqlite}`,
  postgresql: `DELETE FROM "WebhookDelivery" WHERE ${OF_TRACES.postgresql}`,
})

const EMPTY = `"body" = '{}', "sealed" = NULL`

export const emptyDeliveries = writeStatement('webhooks.empty', {
  sqlite: `UPDATE "WebhookDelivery" SET ${EMPTY} WHERE ${OF_TRACES.sqlite}`,
  postgresql: `UPDATE "WebhookDelivery" SET ${EMPTY} WHERE ${OF_TRACES.postgresql}`,
})
