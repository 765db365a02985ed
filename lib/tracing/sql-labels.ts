import { writeStatement } from '@/lib/core/statement'

// A label stands at the time of its trace, as it is when the label is written; the trace does not move meanwhile.
export const putLabels = writeStatement('tracing.labels', {
  sqlite: `INSERT INTO "TraceLabel" ("tenantId", "traceId", "key", "value", "startedAt")
    SELECT t."tenantId", t."id", json_extract(r.value, '$.key'), json_extract(r.value, '$.value'), t."startedAt"
    FROM json_each(:rows) AS r CROSS JOIN "Trace" t
      ON t."tenantId" = json_extract(r.value, '$.tenant_id') AND t."id" = json_extract(r.value, '$.trace')
    WHERE true
    ON CONFLICT ("tenantId", "traceId", "key") DO UPDATE SET "value" = excluded."value"`,
  postgresql: `INSERT INTO "TraceLabel" ("tenantId", "traceId", "key", "value", "startedAt")
    SELECT t."tenantId", t."id", r.key, r.value, t."startedAt"
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, key text, value text)
    JOIN "Trace" t ON t."tenantId" = r.tenant_id AND t."id" = r.trace FOR SHARE OF t
    ON CONFLICT ("tenantId", "traceId", "key") DO UPDATE SET "value" = excluded."value"`,
})

// Where spans that came late begin the trace earlier, its labels go with it: lists by label are sorted by their time.
export const moveLabels = writeStatement('tracing.labels-move', {
  sqlite: `UPDATE "TraceLabel" SET "startedAt" = (SELECT t."startedAt" FROM "Trace" t
      WHERE t."tenantId" = "TraceLabel"."tenantId" AND t."id" = "TraceLabel"."traceId")
    WHERE ("tenantId", "traceId") IN
      (SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id') FROM json_each(:rows))`,
  postgresql: `UPDATE "TraceLabel" AS l SET "startedAt" = t."startedAt"
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text)
    JOIN "Trace" t ON t."tenantId" = r.tenant_id AND t."id" = r.id
    WHERE l."tenantId" = t."tenantId" AND l."traceId" = t."id"`,
})
