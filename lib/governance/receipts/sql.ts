import { type ReadStatement, readStatement, writeStatement } from '@/lib/core/statement'

const COLUMNS = `"Receipt" ("tenantId", "id", "kind", "actor", "userId", "role", "action", "targetId", "reasonCode",
  "justification", "data", "createdAt", "expiresAt", "dueAt")`

export const insertReceipt = writeStatement('governance.receipt', {
  sqlite: `INSERT INTO ${COLUMNS}
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id'), json_extract(value, '$.kind'),
      json_extract(value, '$.actor'), json_extract(value, '$.user'), json_extract(value, '$.role'),
      json_extract(value, '$.action'), json_extract(value, '$.target'), json_extract(value, '$.reason'),
      json_extract(value, '$.why'), json_extract(value, '$.data'), json_extract(value, '$.at'),
      json_extract(value, '$.until'), json_extract(value, '$.due')
    FROM json_each(:rows)`,
  postgresql: `INSERT INTO ${COLUMNS}
    SELECT r.tenant_id, r.id, r.kind, r.actor, r."user", r.role, r.action, r.target, r.reason, r.why, r.data, r.at,
      r.until, r.due
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, kind text, actor text, "user" text, role text,
      action text, target text, reason text, why text, data jsonb, at timestamp(3), until timestamp(3),
      due timestamp(3))`,
})

// One window of a tenant is opened at a time, so that nobody opens two at once. SQLite has one writer anyway.
export const lockWindows = writeStatement('governance.lock-windows', {
  sqlite: 'SELECT 1 AS "held" FROM json_each(:rows)',
  postgresql: `SELECT 1 AS "held" FROM (SELECT pg_advisory_xact_lock(hashtextextended('break-glass ' || r.tenant_id, 0))
    FROM json_to_recordset(:rows::json) AS r(tenant_id text)) AS locks`,
})

type Text = string | { sqlite: string; postgresql: string }

const time = (name: string): { sqlite: string; postgresql: string } => ({
  sqlite: `:${name}`,
  postgresql: `(CAST(:${name} AS timestamptz) AT TIME ZONE 'UTC')`,
})
const compared = (text: (value: string) => string, name: string): Text => ({
  sqlite: text(time(name).sqlite),
  postgresql: text(time(name).postgresql),
})

const WAITS = '"acknowledgedAt" IS NULL AND "dueAt" IS NOT NULL'

// Whoever is limited to workspaces sees what happened there and what they did themselves.
const CONDITIONS = {
  kind: '"kind" = :kind',
  user: '"userId" = :user',
  open: WAITS,
  overdue: compared((now) => `${WAITS} AND "dueAt" < ${now}`, 'now'),
  acknowledged: '"acknowledgedAt" IS NOT NULL',
  window: compared((now) => `"kind" = 'break_glass' AND "closedAt" IS NULL AND "expiresAt" > ${now}`, 'now'),
  fence: {
    sqlite: `("userId" = :me OR json_extract("data", '$.workspace_id') IN (SELECT value FROM json_each(:workspaces)))`,
    postgresql: `("userId" = :me OR "data"->>'workspace_id' IN
      (SELECT json_array_elements_text(CAST(:workspaces AS json))))`,
  },
  before: compared((at) => `("createdAt" < ${at} OR ("createdAt" = ${at} AND "id" < :before_id))`, 'before_at'),
} as const satisfies Record<string, Text>

export type Condition = keyof typeof CONDITIONS

const textOf = (text: Text, dialect: 'sqlite' | 'postgresql'): string =>
  typeof text === 'string' ? text : text[dialect]

const where = (conditions: readonly Condition[], dialect: 'sqlite' | 'postgresql'): string =>
  ['"tenantId" = :tenant', ...conditions.map((name) => textOf(CONDITIONS[name], dialect))].join(' AND ')

const both = (text: (dialect: 'sqlite' | 'postgresql') => string): ReadStatement =>
  readStatement({ sqlite: text('sqlite'), postgresql: text('postgresql') })

export const listIds = (conditions: readonly Condition[]): ReadStatement =>
  both(
    (dialect) =>
      `SELECT "id" FROM "Receipt" WHERE ${where(conditions, dialect)} ORDER BY "createdAt" DESC, "id" DESC LIMIT :limit`,
  )

export const countReceipts = (conditions: readonly Condition[]): ReadStatement =>
  both((dialect) => `SELECT count(*) AS "n" FROM "Receipt" WHERE ${where(conditions, dialect)}`)

// What a person did while a window was open; which of it belongs to the window stands in the payload.
export const actsWithin = both((dialect) => {
  const at = (name: string): string => (dialect === 'sqlite' ? time(name).sqlite : time(name).postgresql)
  return `SELECT e."seq", e."eventType", e."entityId", e."createdAt", p."data" FROM "AuditEntry" e
    JOIN "AuditPayload" p ON p."tenantId" = e."tenantId" AND p."seq" = e."seq"
    WHERE e."tenantId" = :tenant AND e."userId" = :user AND e."createdAt" >= ${at('start')} AND e."createdAt" <= ${at('end')}
      AND p."data" LIKE :window ORDER BY e."seq" LIMIT :limit`
})
