import { both, type Condition, sourceOf, where } from './sql-filter'

const OF_SESSION = [
  'workspace',
  'workspaces',
  'user',
  'user_either',
  'reader',
  'role',
  'environment',
  'session',
] as const
type OfSession = (typeof OF_SESSION)[number]

export const isOfSession = (name: Condition): name is OfSession => OF_SESSION.some((known) => known === name)

// A session stands where its newest run does: going back in time, a run that has a newer one beside it is passed over.
export const newestRuns = (own: readonly OfSession[], others: readonly Condition[]) =>
  both((dialect) => {
    const source = sourceOf({ driver: 'trace', conditions: [...own, ...others] }, dialect)
    const again = where({ driver: 'trace', conditions: own }, dialect).replaceAll('t."', 'n."')
    return `SELECT t."id", t."sessionKey", t."userId", t."agentRole", t."workspaceId", t."status", t."model",
        t."startedAt" FROM ${source} AND t."sessionKey" IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM "Trace" n WHERE ${again} AND n."sessionKey" = t."sessionKey"
          AND (n."startedAt", n."id") > (t."startedAt", t."id"))
      ORDER BY t."startedAt" DESC, t."id" DESC LIMIT :limit`
  })

const sum = (column: string, dialect: string): string =>
  dialect === 'sqlite' ? `SUM(${column})` : `CAST(SUM(${column}) AS bigint)`

// A single one may be all that a column holds.
const TOKENS = 'CAST(t."inputTokens" AS bigint) + t."cacheReadTokens" + t."cacheWriteTokens" + t."outputTokens"'

export const sessionSums = (own: readonly OfSession[]) =>
  both(
    (dialect) => `SELECT t."sessionKey", count(*) AS "runs", min(t."startedAt") AS "first",
        ${sum(`CASE WHEN t."status" IN ('error', 'timeout') THEN 1 ELSE 0 END`, dialect)} AS "errors",
        ${sum(TOKENS, dialect)} AS "tokens", ${sum('t."costMicroUsd"', dialect)} AS "cost",
        ${sum('COALESCE(t."durationMs", 0)', dialect)} AS "ms"
      FROM ${sourceOf({ driver: 'trace', conditions: [...own, 'session_among'] }, dialect)}
      GROUP BY t."sessionKey"`,
  )
