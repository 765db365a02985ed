import { writeStatement } from '@/lib/core/statement'

const KEY = `hashtextextended('clasper.budgets:' || tenant_id, 0)`

// The first statement of everything that moves money, so that the next ones see what others have committed. Who finds
// budgets has the tenant's money to himself until his commit; who finds none only keeps budgets from being made
// meanwhile. In one order, so that nobody waits in a circle. On SQLite there is one writer anyway.
export const lockMoney = writeStatement('governance.lock-money', {
  sqlite: `SELECT 1 FROM json_each(:rows) WHERE false`,
  postgresql: `SELECT CASE WHEN x.has THEN pg_advisory_xact_lock(x.key)::text ELSE pg_advisory_xact_lock_shared(x.key)::text END
    FROM (SELECT ${KEY} AS key, EXISTS (SELECT 1 FROM "Budget" WHERE "tenantId" = r.tenant_id) AS has
      FROM (SELECT DISTINCT tenant_id FROM json_to_recordset(:rows::json) AS x(tenant_id text)) AS r ORDER BY 1) AS x`,
})

// Before budgets are made, changed or begin anew: their sums are counted while nothing moves.
export const lockBudgets = writeStatement('governance.lock-budgets', {
  sqlite: `SELECT 1 FROM json_each(:rows) WHERE false`,
  postgresql: `SELECT pg_advisory_xact_lock(x.key)::text FROM (SELECT DISTINCT ${KEY} AS key
    FROM json_to_recordset(:rows::json) AS r(tenant_id text) ORDER BY 1) AS x`,
})
