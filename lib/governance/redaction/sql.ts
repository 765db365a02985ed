import { writeStatement } from '@/lib/core/statement'

// One change of a tenant's rules at a time, so that their limits hold. SQLite has one writer anyway.
export const lockRules = writeStatement('governance.lock-redaction', {
  sqlite: 'SELECT 1 AS "held" FROM json_each(:rows)',
  postgresql: `SELECT 1 AS "held" FROM (SELECT pg_advisory_xact_lock(hashtextextended('redaction ' || r.tenant_id, 0))
    FROM json_to_recordset(:rows::json) AS r(tenant_id text)) AS locks`,
})
