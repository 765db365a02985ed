import Database from 'libsql'

const WORDS = {
  workspaceId: ['default', 'support', 'billing', 'search'],
  environment: ['production', 'staging'],
  agentRole: ['agent', 'planner', 'writer', 'reviewer', 'triage'],
  status: [
    'success',
    'success',
    'success',
    'success',
    'success',
    'success',
    'success',
    'error',
    'timeout',
    'cancelled',
  ],
  model: ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4', 'gemini-2.5-pro'],
  riskLevel: ['low', 'low', 'low', 'medium', 'high'],
}

// Chosen by the number of the trace, scattered so that neighbours differ.
const pick = (words: readonly string[], prime: number): string =>
  `CASE (n * ${prime} / 7) % ${words.length} ${words.map((word, at) => `WHEN ${at} THEN '${word}'`).join(' ')} END`

// Two seconds apart and back from now: older ones would fall to retention while they are measured.
const NOW = Math.floor(Date.now() / 1000)
const TIME = `strftime('%Y-%m-%dT%H:%M:%S', ${NOW} - n * 2, 'unixepoch') || printf('.%03d+00:00', n % 1000)`

const INSERT = `WITH RECURSIVE c(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM c WHERE n + 1 < ?)
  INSERT INTO "Trace" ("tenantId", "id", "origin", "executionId", "workspaceId", "environment", "kind", "actor", "userId",
    "agentRole", "sessionKey", "status", "startedAt", "completedAt", "leaseUntil", "durationMs", "durationBucket",
    "workspaceHash", "promptSource", "provider", "model", "inputTokens", "outputTokens", "costMicroUsd", "riskScore",
    "riskLevel", "taskId")
  SELECT 'default', printf('01900000-0000-7000-8000-%012x', n), 'run', printf('01900000-0000-7000-9000-%012x', n),
    ${pick(WORDS.workspaceId, 11)}, ${pick(WORDS.environment, 13)}, 'send', 'service:bench', 'user-' || (n % 997),
    ${pick(WORDS.agentRole, 17)}, 'user:user-' || (n % 997) || ':agent', ${pick(WORDS.status, 19)}, ${TIME}, ${TIME},
    ${TIME}, 100 + n % 5000, 40, printf('%064x', n % 31), 'workspace', 'openai', ${pick(WORDS.model, 23)}, 1000, 100,
    n % 9000, 20, ${pick(WORDS.riskLevel, 29)}, 'task-' || (n / 3) FROM c`

const LABELS = `INSERT INTO "TraceLabel" ("tenantId", "traceId", "key", "value", "startedAt")
  SELECT "tenantId", "id", 'reviewed', 'yes', "startedAt" FROM "Trace"
  WHERE "tenantId" = 'default' AND "costMicroUsd" % 20 = 0 AND "id" >= ? AND "id" < ? ON CONFLICT DO NOTHING`

const SUMS = `INSERT INTO "TraceRollup" SELECT "tenantId", substr("startedAt", 1, 13) || ':00:00.000+00:00', "origin",
    "workspaceId", "environment", "agentRole", "provider", "model", "status", "riskLevel", "durationBucket", COUNT(*), 0,
    0, SUM("status" IN ('error', 'timeout')), SUM("inputTokens"), SUM("outputTokens"), 0, 0, 0, SUM("costMicroUsd"),
    SUM("durationMs") FROM "Trace" WHERE "tenantId" = 'default' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11`

const CHUNK = 25_000
const idOf = (n: number) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

// Traces as they stand after years of work, straight into the tables of a server that is not running.
export const seedTraces = (file: string, from: number, to: number): void => {
  const db = new Database(file)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF')
  const insert = db.prepare(INSERT)
  const label = db.prepare(LABELS)
  for (let at = from; at < to; at += CHUNK) {
    insert.run(at, Math.min(at + CHUNK, to))
    label.run(idOf(at), idOf(Math.min(at + CHUNK, to)))
  }
  db.exec('DELETE FROM "TraceRollup"')
  db.exec(SUMS)
  db.exec('ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}
