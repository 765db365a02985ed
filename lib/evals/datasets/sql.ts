import { readStatement, writeStatement } from '@/lib/core/statement'

export const insertCases = writeStatement('evals.cases', {
  sqlite: `INSERT INTO "DatasetCase" ("tenantId", "datasetId", "rowId", "caseId", "position", "fromVersion", "bodyHash",
      "body", "traceId")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.dataset'), json_extract(value, '$.row'),
      json_extract(value, '$.case'), json_extract(value, '$.at'), json_extract(value, '$.since'),
      json_extract(value, '$.hash'), json_extract(value, '$.body'), json_extract(value, '$.trace')
    FROM json_each(:rows)`,
  postgresql: `INSERT INTO "DatasetCase" ("tenantId", "datasetId", "rowId", "caseId", "position", "fromVersion", "bodyHash",
      "body", "traceId")
    SELECT r.tenant_id, r.dataset, r."row", r."case", r.at, r.since, r.hash, r.body, r.trace
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, dataset text, "row" text, "case" text, at int, since int,
      hash text, body jsonb, trace text)`,
})

export const closeCases = writeStatement('evals.cases-closed', {
  sqlite: `UPDATE "DatasetCase" SET "untilVersion" = json_extract(r.value, '$.until') FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "datasetId" = json_extract(r.value, '$.dataset')
      AND "rowId" = json_extract(r.value, '$.row') AND "untilVersion" IS NULL`,
  postgresql: `UPDATE "DatasetCase" SET "untilVersion" = r.until
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, dataset text, "row" text, until int)
    WHERE "DatasetCase"."tenantId" = r.tenant_id AND "DatasetCase"."datasetId" = r.dataset
      AND "DatasetCase"."rowId" = r."row" AND "DatasetCase"."untilVersion" IS NULL`,
})

const OUTSIDE = (list: string) => `SELECT DISTINCT c."datasetId" AS "id" FROM "DatasetCase" c
  LEFT JOIN "Trace" t ON t."tenantId" = c."tenantId" AND t."id" = c."traceId"
  WHERE c."tenantId" = :tenant AND c."traceId" IS NOT NULL
    AND (t."id" IS NULL OR t."workspaceId" NOT IN (${list}))`

/** Datasets that hold what was said in a workspace that is none of these, or in one that nobody can tell any more. */
export const datasetsOutside = readStatement({
  sqlite: OUTSIDE('SELECT value FROM json_each(:workspaces)'),
  postgresql: OUTSIDE('SELECT json_array_elements_text(:workspaces::json)'),
})
