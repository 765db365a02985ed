import { writeStatement } from '@/lib/core/statement'

export const putLabels = writeStatement('tracing.labels', {
  sqlite: `INSERT INTO "TraceLabel" ("tenantId", "traceId", "key", "value", "startedAt")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.trace'), json_extract(value, '$.key'),
      json_extract(value, '$.value'), json_extract(value, '$.started')
    FROM json_each(:rows) WHERE true
    ON CONFLICT ("tenantId", "traceId", "key") DO UPDATE SET "value" = excluded."value"`,
  postgresql: `INSERT INTO "TraceLabel" ("tenantId", "traceId", "key", "value", "startedAt")
    SELECT r.tenant_id, r.trace, r.key, r.value, r.started
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, key text, value text, started timestamp(3))
    ON CONFLICT ("tenantId", "traceId", "key") DO UPDATE SET "value" = excluded."value"`,
})
