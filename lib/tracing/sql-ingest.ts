import { readStatement, writeStatement } from '@/lib/core/statement'

const KEPT = 50

// Summed and sorted, so that no statement meets a row twice and two transactions meet rows in one order.
export const addCounts = writeStatement('tracing.ingest-counts', {
  sqlite: `INSERT INTO "IngestRollup" ("tenantId", "hour", "source", "outcome", "reason", "spans")
    SELECT json_extract(r.value, '$.tenant_id'), json_extract(r.value, '$.hour'), json_extract(r.value, '$.source'),
      json_extract(r.value, '$.outcome'), json_extract(r.value, '$.reason'), SUM(json_extract(r.value, '$.spans'))
    FROM json_each(:rows) AS r GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT ("tenantId", "hour", "source", "outcome", "reason")
    DO UPDATE SET "spans" = "IngestRollup"."spans" + excluded."spans"`,
  postgresql: `INSERT INTO "IngestRollup" ("tenantId", "hour", "source", "outcome", "reason", "spans")
    SELECT r.tenant_id, r.hour, r.source, r.outcome, r.reason, SUM(r.spans)
    FROM json_to_recordset(:rows::json)
      AS r(tenant_id text, hour timestamp(3), source text, outcome text, reason text, spans int)
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT ("tenantId", "hour", "source", "outcome", "reason")
    DO UPDATE SET "spans" = "IngestRollup"."spans" + excluded."spans"`,
})

export const insertFaults = writeStatement('tracing.ingest-faults', {
  sqlite: `INSERT INTO "IngestFault" ("tenantId", "id", "source", "reason", "message", "spans", "createdAt")
    SELECT json_extract(r.value, '$.tenant_id'), json_extract(r.value, '$.id'), json_extract(r.value, '$.source'),
      json_extract(r.value, '$.reason'), json_extract(r.value, '$.message'), json_extract(r.value, '$.spans'),
      json_extract(r.value, '$.at') FROM json_each(:rows) AS r`,
  postgresql: `INSERT INTO "IngestFault" ("tenantId", "id", "source", "reason", "message", "spans", "createdAt")
    SELECT r.tenant_id, r.id, r.source, r.reason, r.message, r.spans, r.at FROM json_to_recordset(:rows::json)
      AS r(tenant_id text, id text, source text, reason text, message text, spans int, at timestamp(3))`,
})

export const dropOldFaults = writeStatement('tracing.ingest-faults-old', {
  sqlite: `DELETE FROM "IngestFault" WHERE ("tenantId", "id") IN (SELECT f."tenantId", f."id" FROM (
      SELECT "tenantId", "id", ROW_NUMBER() OVER (PARTITION BY "tenantId" ORDER BY "createdAt" DESC, "id" DESC) AS "n"
      FROM "IngestFault" WHERE "tenantId" IN (SELECT json_extract(value, '$.tenant_id') FROM json_each(:rows))
    ) f WHERE f."n" > ${KEPT})`,
  postgresql: `DELETE FROM "IngestFault" WHERE ("tenantId", "id") IN (SELECT f."tenantId", f."id" FROM (
      SELECT "tenantId", "id", ROW_NUMBER() OVER (PARTITION BY "tenantId" ORDER BY "createdAt" DESC, "id" DESC) AS n
      FROM "IngestFault"
      WHERE "tenantId" IN (SELECT r.tenant_id FROM json_to_recordset(:rows::json) AS r(tenant_id text))
    ) f WHERE f.n > ${KEPT})`,
})

const since = (value: string): string =>
  `SELECT "hour", "source", "outcome", "reason", "spans" FROM "IngestRollup"
    WHERE "tenantId" = :tenant AND "hour" >= ${value} ORDER BY "hour", "source", "outcome", "reason"`

export const countsSince = readStatement({ sqlite: since(':since'), postgresql: since('CAST(:since AS timestamp(3))') })
