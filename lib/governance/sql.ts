import { type ReadStatement, readStatement, writeStatement } from '../core/statement'

const ENTRY = ['seq', 'eventType', 'actor', 'userId', 'workspaceId', 'traceId', 'createdAt', 'eventHash'] as const
const SEARCH = ['entityId', 'requestId'] as const
const CHAIN = ['hashVersion', 'prevEventHash', 'leafHash', 'canonical'] as const

const of = (alias: string, names: readonly string[]): string => names.map((name) => `${alias}."${name}"`).join(', ')

const WITH_PAYLOAD = `"AuditEntry" e LEFT JOIN "AuditPayload" p ON p."tenantId" = e."tenantId" AND p."seq" = e."seq"`
const MATCH = `lower(coalesce(e."actor", '') || ' ' || coalesce(e."entityId", '') || ' ' || coalesce(e."userId", '') || ' ' || e."eventType")
  LIKE :q ESCAPE '!'`

type Text = string | { sqlite: string; postgresql: string }

const since = (sign: string, name: string): Text => ({
  sqlite: `e."createdAt" ${sign} :${name}`,
  postgresql: `e."createdAt" ${sign} (CAST(:${name} AS timestamptz) AT TIME ZONE 'UTC')`,
})

const CONDITIONS = {
  workspace: 'e."workspaceId" = :workspace',
  workspaces: {
    sqlite: 'e."workspaceId" IN (SELECT value FROM json_each(:workspaces))',
    postgresql: 'e."workspaceId" IN (SELECT json_array_elements_text(CAST(:workspaces AS json)))',
  },
  trace: 'e."traceId" = :trace',
  event: 'e."eventType" = :event',
  actor: 'e."actor" = :actor',
  entity: 'e."entityId" = :entity',
  request: 'e."requestId" = :request',
  q: MATCH,
  start: since('>=', 'start'),
  end: since('<=', 'end'),
  before: 'e."seq" < :before',
} as const satisfies Record<string, Text>

export type Condition = keyof typeof CONDITIONS

const textOf = (text: Text, dialect: 'sqlite' | 'postgresql'): string =>
  typeof text === 'string' ? text : text[dialect]

// Each set of filters is a statement of its own, so that the database can choose an index for it.
const where = (conditions: readonly Condition[], dialect: 'sqlite' | 'postgresql'): string =>
  ['e."tenantId" = :tenant', ...conditions.map((name) => textOf(CONDITIONS[name], dialect))].join(' AND ')

const both = (text: (dialect: 'sqlite' | 'postgresql') => string): ReadStatement =>
  readStatement({ sqlite: text('sqlite'), postgresql: text('postgresql') })

export const listEntries = (conditions: readonly Condition[]): ReadStatement =>
  both(
    (dialect) =>
      `SELECT ${of('e', [...ENTRY, ...SEARCH])}, p."data", p."erasedAt" FROM ${WITH_PAYLOAD}
       WHERE ${where(conditions, dialect)} ORDER BY e."seq" DESC LIMIT :limit OFFSET :offset`,
  )

export const countEntries = (conditions: readonly Condition[]): ReadStatement =>
  both(
    (dialect) =>
      `SELECT count(*) AS "n", min("seq") AS "oldest", max("seq") AS "newest" FROM (
         SELECT e."seq" FROM "AuditEntry" e WHERE ${where(conditions, dialect)} ORDER BY e."seq" DESC LIMIT :most) found`,
  )

export const countByType = (conditions: readonly Condition[]): ReadStatement =>
  both(
    (dialect) =>
      `SELECT e."eventType" AS "type", count(*) AS "n" FROM "AuditEntry" e WHERE ${where(conditions, dialect)} GROUP BY e."eventType"`,
  )

export const countByHour = both(
  (dialect) =>
    `SELECT ${dialect === 'sqlite' ? `substr(e."createdAt", 1, 13)` : `to_char(e."createdAt", 'YYYY-MM-DD"T"HH24')`} AS "hour", count(*) AS "n"
     FROM "AuditEntry" e WHERE ${where(['start'], dialect)} GROUP BY 1 ORDER BY 1`,
)

export const timeSpan = (conditions: readonly Condition[]): ReadStatement =>
  both(
    (dialect) =>
      `SELECT min(e."createdAt") AS "oldest", max(e."createdAt") AS "newest" FROM "AuditEntry" e WHERE ${where(conditions, dialect)}`,
  )

export const seqSpan = (conditions: readonly Condition[]): ReadStatement =>
  both(
    (dialect) =>
      `SELECT min(e."seq") AS "first", max(e."seq") AS "last" FROM "AuditEntry" e WHERE ${where(conditions, dialect)}`,
  )

export const oneEntry = readStatement(
  `SELECT ${of('e', [...ENTRY, ...SEARCH, ...CHAIN])}, p."data", p."erasedAt" FROM ${WITH_PAYLOAD}
   WHERE e."tenantId" = :tenant AND e."seq" = :seq`,
)

// One statement, so that the head and the last entry are of the same moment.
export const headAndLast = readStatement(
  `SELECT h."size", h."headHash", h."rootHash", h."frontier",
     (SELECT max("seq") FROM "AuditEntry" WHERE "tenantId" = :tenant) AS "lastSeq"
   FROM (SELECT 1 AS one) o LEFT JOIN "AuditHead" h ON h."tenantId" = :tenant`,
)

export const chainRows = readStatement(
  `SELECT ${of('e', [...ENTRY, ...CHAIN])} FROM "AuditEntry" e
   WHERE e."tenantId" = :tenant AND e."seq" > :after AND e."seq" <= :upto ORDER BY e."seq" LIMIT :limit`,
)

export const payloadRows = readStatement(
  `SELECT e."seq", e."entityId", e."requestId", p."salt", p."data", p."erasedAt" FROM ${WITH_PAYLOAD}
   WHERE e."tenantId" = :tenant AND e."seq" > :after AND e."seq" <= :upto ORDER BY e."seq" LIMIT :limit`,
)

export const exportRows = readStatement(
  `SELECT ${of('e', [...ENTRY, ...SEARCH, ...CHAIN])}, p."salt", p."data", p."erasedAt" FROM ${WITH_PAYLOAD}
   WHERE e."tenantId" = :tenant AND e."seq" > :after AND e."seq" <= :upto ORDER BY e."seq" LIMIT :limit`,
)

// Ranges arrive as [[level, first, last], …]; one long text per level is far cheaper to carry than a row per node.
export const nodeRanges = readStatement({
  sqlite: `SELECT json_extract(r.value, '$[0]') AS "level", (SELECT group_concat("hash", '') FROM (
      SELECT n."hash" FROM "AuditNode" n WHERE n."tenantId" = :tenant AND n."level" = json_extract(r.value, '$[0]')
      AND n."index" BETWEEN json_extract(r.value, '$[1]') AND json_extract(r.value, '$[2]') ORDER BY n."index")) AS "hashes"
    FROM json_each(:ranges) r`,
  postgresql: `SELECT CAST(r ->> 0 AS int) AS "level", (SELECT string_agg(n."hash", '' ORDER BY n."index") FROM "AuditNode" n
      WHERE n."tenantId" = :tenant AND n."level" = CAST(r ->> 0 AS int)
      AND n."index" BETWEEN CAST(r ->> 1 AS bigint) AND CAST(r ->> 2 AS bigint)) AS "hashes"
    FROM json_array_elements(CAST(:ranges AS json)) r`,
})

export const nodePoints = readStatement({
  sqlite: `SELECT n."level", n."index", n."hash" FROM json_each(:refs) r CROSS JOIN "AuditNode" n
     ON n."tenantId" = :tenant AND n."level" = json_extract(r.value, '$[0]') AND n."index" = json_extract(r.value, '$[1]')
     UNION ALL SELECT 0, e."seq" - 1, e."leafHash" FROM json_each(:refs) r CROSS JOIN "AuditEntry" e
     ON e."tenantId" = :tenant AND e."seq" = json_extract(r.value, '$[1]') + 1 WHERE json_extract(r.value, '$[0]') = 0`,
  postgresql: `SELECT n."level", n."index", n."hash" FROM json_array_elements(CAST(:refs AS json)) r JOIN "AuditNode" n
     ON n."tenantId" = :tenant AND n."level" = CAST(r ->> 0 AS int) AND n."index" = CAST(r ->> 1 AS bigint)
     UNION ALL SELECT 0, e."seq" - 1, e."leafHash" FROM json_array_elements(CAST(:refs AS json)) r JOIN "AuditEntry" e
     ON e."tenantId" = :tenant AND e."seq" = CAST(r ->> 1 AS bigint) + 1 WHERE CAST(r ->> 0 AS int) = 0`,
})

export const checkpointRows = readStatement(
  `SELECT "size", "rootHash", "headHash", "note", "keyId", "createdAt" FROM "AuditCheckpoint"
   WHERE "tenantId" = :tenant AND "size" >= :from ORDER BY "size" LIMIT :limit`,
)

export const lastCheckpoint = readStatement(
  `SELECT "size", "rootHash", "headHash", "note", "keyId", "createdAt" FROM "AuditCheckpoint"
   WHERE "tenantId" = :tenant ORDER BY "size" DESC LIMIT 1`,
)

const RECORDED = `SELECT e."entityId" FROM "AuditEntry" e WHERE e."tenantId" = :tenant AND e."eventType" = 'config_change' AND e."entityId" IN `

export const erasureRecords = readStatement({
  sqlite: `${RECORDED} (SELECT value FROM json_each(:entities))`,
  postgresql: `${RECORDED} (SELECT json_array_elements_text(CAST(:entities AS json)))`,
})

const CHECKPOINT = '"tenantId", "size", "rootHash", "headHash", "note", "keyId", "createdAt"'
const fields = (from: (name: string) => string): string =>
  ['tenant_id', 'size', 'root_hash', 'head_hash', 'note', 'key_id', 'created_at'].map(from).join(', ')

// Two workers may seal the same size: the first stays, the second writes nothing.
export const insertCheckpoint = writeStatement('audit-checkpoint', {
  sqlite: `INSERT INTO "AuditCheckpoint" (${CHECKPOINT})
    SELECT ${fields((name) => `json_extract(r.value, '$.${name}')`)} FROM json_each(:rows) r
    WHERE NOT EXISTS (SELECT 1 FROM "AuditCheckpoint" c
      WHERE c."tenantId" = json_extract(r.value, '$.tenant_id') AND c."size" = json_extract(r.value, '$.size'))`,
  postgresql: `INSERT INTO "AuditCheckpoint" (${CHECKPOINT})
    SELECT "tenant_id", "size", "root_hash", "head_hash", "note", "key_id", "created_at" AT TIME ZONE 'UTC'
    FROM json_to_recordset(CAST(:rows AS json)) AS r ("tenant_id" text, "size" bigint, "root_hash" text, "head_hash" text,
      "note" text, "key_id" text, "created_at" timestamptz) ON CONFLICT DO NOTHING`,
})
