import { readStatement } from '@/lib/core/statement'

// One short text that differs as soon as a rule is made, changed or gone, in whatever process.
export const printOfPolicies = readStatement({
  sqlite: `SELECT COALESCE(group_concat("v", ';'), '') AS "print" FROM (
      SELECT "id" || ' ' || "revision" || ' ' || "createdAt" AS "v" FROM "Policy" WHERE "tenantId" = :tenant ORDER BY "id")`,
  postgresql: `SELECT COALESCE(string_agg("id" || ' ' || "revision" || ' ' || "createdAt", ';' ORDER BY "id"), '') AS "print"
    FROM "Policy" WHERE "tenantId" = :tenant`,
})
