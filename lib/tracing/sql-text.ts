import { writeStatement } from '@/lib/core/statement'

export const MOST_TEXT = 65_536

// What a search finds of a run of ours: what was asked and what was answered, as they stand in its record.
export const textOfRun = writeStatement('tracing.text-of-run', {
  sqlite: `INSERT INTO "TraceText" ("tenantId", "traceId", "text")
    SELECT c."tenantId", c."traceId", substr(COALESCE(json_extract(c."inputs", '$.message'), '') || char(10)
      || COALESCE(json_extract(c."outcome", '$.message'), ''), 1, ${MOST_TEXT})
    FROM json_each(:rows) AS r JOIN "TraceContent" c
      ON c."tenantId" = json_extract(r.value, '$.tenant_id') AND c."traceId" = json_extract(r.value, '$.trace')
    WHERE true ON CONFLICT ("tenantId", "traceId") DO UPDATE SET "text" = excluded."text"`,
  postgresql: `INSERT INTO "TraceText" ("tenantId", "traceId", "text")
    SELECT c."tenantId", c."traceId", left(COALESCE(c."inputs"::json ->> 'message', '') || chr(10)
      || COALESCE(c."outcome"::json ->> 'message', ''), ${MOST_TEXT})
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text)
    JOIN "TraceContent" c ON c."tenantId" = r.tenant_id AND c."traceId" = r.trace
    ON CONFLICT ("tenantId", "traceId") DO UPDATE SET "text" = excluded."text"`,
})

export const putText = writeStatement('tracing.text', {
  sqlite: `INSERT INTO "TraceText" ("tenantId", "traceId", "text")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.trace'), json_extract(value, '$.text')
    FROM json_each(:rows) WHERE true ON CONFLICT ("tenantId", "traceId") DO UPDATE SET "text" = excluded."text"`,
  postgresql: `INSERT INTO "TraceText" ("tenantId", "traceId", "text")
    SELECT r.tenant_id, r.trace, r.text FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, text text)
    ON CONFLICT ("tenantId", "traceId") DO UPDATE SET "text" = excluded."text"`,
})
