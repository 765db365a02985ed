import { writeStatement } from '@/lib/core/statement'

// One at a time per tenant: who set a hold may rely on it from the answer on. SQLite has one writer anyway.
export const lockRetention = writeStatement('retention.lock', {
  sqlite: 'SELECT 1 AS "held" FROM json_each(:rows)',
  postgresql: `SELECT 1 AS "held" FROM (SELECT pg_advisory_xact_lock(hashtextextended('retention ' || r.tenant_id, 0))
    FROM json_to_recordset(:rows::json) AS r(tenant_id text)) AS locks`,
})
