import { readStatement, writeStatement } from '@/lib/core/statement'

export const insertSpanEvents = writeStatement('tracing.span-events', {
  sqlite: `INSERT INTO "SpanEvent" ("tenantId", "traceId", "spanId", "id", "name", "timeNs", "content", "receivedAt")
    SELECT json_extract(r.value, '$.tenant_id'), json_extract(r.value, '$.trace'), json_extract(r.value, '$.span'),
      json_extract(r.value, '$.id'), json_extract(r.value, '$.name'),
      CAST(json_extract(r.value, '$.time') AS INTEGER), json_extract(r.value, '$.content'),
      json_extract(r.value, '$.received')
    FROM json_each(:rows) AS r WHERE true ON CONFLICT DO NOTHING`,
  postgresql: `INSERT INTO "SpanEvent" ("tenantId", "traceId", "spanId", "id", "name", "timeNs", "content", "receivedAt")
    SELECT r.tenant_id, r.trace, r.span, r.id, r.name, r.time, r.content, r.received
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, span text, id text, name text, time bigint,
      content text, received timestamp(3))
    ON CONFLICT DO NOTHING`,
})

export const knownEvents = readStatement({
  sqlite: `SELECT e."id" FROM json_each(:keys) AS k JOIN "SpanEvent" e ON e."traceId" = json_extract(k.value, '$[0]')
    AND e."spanId" = json_extract(k.value, '$[1]') AND e."id" = json_extract(k.value, '$[2]')
    WHERE e."tenantId" = :tenant`,
  postgresql: `SELECT e."id" FROM json_array_elements(:keys::json) AS k JOIN "SpanEvent" e ON e."traceId" = k ->> 0
    AND e."spanId" = k ->> 1 AND e."id" = k ->> 2 WHERE e."tenantId" = :tenant`,
})
