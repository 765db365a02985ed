import { writeStatement } from '@/lib/core/statement'

const ROWS = `json_to_recordset(:rows::json)
  AS r(tenant_id text, id text, run text, now text, until text, checks jsonb)`

// Whose lease ran out, or who never had one, makes room: one process at a time runs the checks of a promotion.
export const claimChecks = writeStatement('promotion.claim', {
  sqlite: `UPDATE "Promotion" SET "checks" = json_set("Promotion"."checks", '$.run', json_extract(r.value, '$.run'),
      '$.until', json_extract(r.value, '$.until'))
    FROM json_each(:rows) AS r
    WHERE "Promotion"."tenantId" = json_extract(r.value, '$.tenant_id') AND "Promotion"."id" = json_extract(r.value, '$.id')
      AND "status" = 'checking' AND (json_extract("Promotion"."checks", '$.run') IS NULL
        OR json_extract("Promotion"."checks", '$.until') < json_extract(r.value, '$.now'))
    RETURNING "Promotion"."id"`,
  postgresql: `UPDATE "Promotion" SET "checks" = "Promotion"."checks" || jsonb_build_object('run', r.run, 'until', r.until)
    FROM ${ROWS}
    WHERE "Promotion"."tenantId" = r.tenant_id AND "Promotion"."id" = r.id AND "status" = 'checking'
      AND ("Promotion"."checks"->>'run' IS NULL OR "Promotion"."checks"->>'until' < r.now)
    RETURNING "Promotion"."id"`,
})

// What is known so far. Refused once somebody else has taken over.
export const saveChecks = writeStatement('promotion.progress', {
  sqlite: `UPDATE "Promotion" SET "checks" = json_extract(r.value, '$.checks')
    FROM json_each(:rows) AS r
    WHERE "Promotion"."tenantId" = json_extract(r.value, '$.tenant_id') AND "Promotion"."id" = json_extract(r.value, '$.id')
      AND "status" = 'checking' AND json_extract("Promotion"."checks", '$.run') = json_extract(r.value, '$.run')
    RETURNING "Promotion"."id"`,
  postgresql: `UPDATE "Promotion" SET "checks" = r.checks
    FROM ${ROWS}
    WHERE "Promotion"."tenantId" = r.tenant_id AND "Promotion"."id" = r.id AND "status" = 'checking'
      AND "Promotion"."checks"->>'run' = r.run
    RETURNING "Promotion"."id"`,
})
