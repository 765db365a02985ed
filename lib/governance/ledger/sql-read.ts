import { readStatement } from '@/lib/core/statement'

// What was refused or released cost nothing and counts as no request.
const summed = (fence: string) => `SELECT COUNT(DISTINCT "traceId") AS "requests",
    COALESCE(SUM(CAST("inputTokens" AS bigint) + "cacheReadTokens" + "cacheWriteTokens"), 0) AS "input",
    COALESCE(SUM("outputTokens"), 0) AS "output", COALESCE(SUM("costMicroUsd"), 0) AS "cost"
  FROM "LedgerEntry" WHERE "tenantId" = :tenant AND "createdAt" >= :start AND "createdAt" < :end
    AND "state" IN ('settled', 'expired') AND (CAST(:user AS TEXT) IS NULL OR "userId" = :user)
    AND (CAST(:workspaces AS TEXT) IS NULL OR "workspaceId" IN (SELECT ${fence}))`

// Of one user and of the workspaces in the JSON list, or of all where it is null.
export const sumLedger = readStatement({
  sqlite: summed('value FROM json_each(:workspaces)'),
  postgresql: summed('json_array_elements_text(CAST(:workspaces AS json))'),
})
