import { type WriteStatement, writeStatement } from '@/lib/core/statement'

type Field = readonly [column: string, key: string, type: string]

const insertInto = (name: string, table: string, fields: readonly Field[]): WriteStatement => {
  const all: readonly Field[] = [['tenantId', 'tenant_id', 'text'], ...fields]
  const names = all.map(([column]) => `"${column}"`).join(', ')
  return writeStatement(name, {
    sqlite: `INSERT INTO "${table}" (${names})
      SELECT ${all.map(([, key]) => `json_extract(r.value, '$.${key}')`).join(', ')} FROM json_each(:rows) AS r
      WHERE true ON CONFLICT DO NOTHING RETURNING 1 AS "done"`,
    postgresql: `INSERT INTO "${table}" (${names}) SELECT ${all.map(([, key]) => `r."${key}"`).join(', ')}
      FROM json_to_recordset(:rows::json) AS r(${all.map(([, key, type]) => `"${key}" ${type}`).join(', ')})
      ON CONFLICT DO NOTHING RETURNING 1 AS "done"`,
  })
}

// Guarded, all of them: who comes second changes nothing.
export const insertExecution = insertInto('adapters.execution', 'Execution', [
  ['id', 'id', 'text'],
  ['adapterId', 'adapter', 'text'],
  ['workspaceId', 'workspace', 'text'],
  ['environment', 'environment', 'text'],
  ['requestHash', 'hash', 'text'],
  ['decisionId', 'decision', 'text'],
  ['effect', 'effect', 'text'],
  ['reply', 'reply', 'jsonb'],
  ['grantedScope', 'granted', 'jsonb'],
  ['maxSteps', 'max_steps', 'int'],
  ['maxCostMicroUsd', 'max_cost', 'bigint'],
  ['riskScore', 'risk_score', 'int'],
  ['riskLevel', 'risk_level', 'text'],
  ['traceId', 'trace', 'text'],
  ['createdAt', 'at', 'timestamp(3)'],
  ['expiresAt', 'expires', 'timestamp(3)'],
])

export const insertAuthorization = insertInto('adapters.authorization', 'ToolAuthorization', [
  ['id', 'id', 'text'],
  ['executionId', 'execution', 'text'],
  ['adapterId', 'adapter', 'text'],
  ['workspaceId', 'workspace', 'text'],
  ['tool', 'tool', 'text'],
  ['decision', 'decision', 'text'],
  ['reason', 'reason', 'text'],
  ['decisionId', 'decision_id', 'text'],
  ['scope', 'scope', 'jsonb'],
  ['tokenHash', 'token', 'text'],
  ['createdAt', 'at', 'timestamp(3)'],
  ['expiresAt', 'expires', 'timestamp(3)'],
])

export const insertReport = insertInto('adapters.report', 'AdapterReport', [
  ['adapterId', 'adapter', 'text'],
  ['executionId', 'execution', 'text'],
  ['kind', 'kind', 'text'],
  ['payloadHash', 'hash', 'text'],
  ['evidence', 'evidence', 'text'],
  ['traceId', 'trace', 'text'],
  ['data', 'data', 'jsonb'],
  ['occurredAt', 'occurred', 'timestamp(3)'],
  ['receivedAt', 'received', 'timestamp(3)'],
])

const RANK = (value: string): string =>
  `CASE ${value} WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 ELSE 3 END`

const ADAPTER: readonly Field[] = [
  ['tenantId', 'tenant_id', 'text'],
  ['id', 'id', 'text'],
  ['displayName', 'name', 'text'],
  ['riskClass', 'risk', 'text'],
  ['capabilities', 'capabilities', 'jsonb'],
  ['toolCapabilities', 'tools', 'jsonb'],
  ['version', 'version', 'text'],
  ['certificationTier', 'tier', 'text'],
  ['isEnabled', 'enabled', 'boolean'],
  ['registeredAt', 'now', 'timestamp(3)'],
  ['updatedAt', 'now', 'timestamp(3)'],
  ['lastSeenAt', 'now', 'timestamp(3)'],
]

const named = ADAPTER.map(([column]) => `"${column}"`).join(', ')

// A later word of the agent never lowers its risk, and never undoes what a person switched off.
const AGAIN = `ON CONFLICT ("tenantId", "id") DO UPDATE SET
  "displayName" = excluded."displayName", "capabilities" = excluded."capabilities",
  "toolCapabilities" = excluded."toolCapabilities", "version" = excluded."version",
  "certificationTier" = COALESCE("Adapter"."certificationTier", excluded."certificationTier"),
  "riskClass" = CASE WHEN ${RANK('excluded."riskClass"')} > ${RANK('"Adapter"."riskClass"')}
    THEN excluded."riskClass" ELSE "Adapter"."riskClass" END,
  "isEnabled" = CASE WHEN "Adapter"."disabledBy" IS NULL THEN excluded."isEnabled" ELSE "Adapter"."isEnabled" END,
  "updatedAt" = excluded."updatedAt", "lastSeenAt" = excluded."lastSeenAt"`

export const putAdapter = writeStatement('adapters.register', {
  sqlite: `INSERT INTO "Adapter" (${named})
    SELECT ${ADAPTER.map(([, key]) => `json_extract(r.value, '$.${key}')`).join(', ')} FROM json_each(:rows) AS r
    WHERE true ${AGAIN}`,
  postgresql: `INSERT INTO "Adapter" (${named}) SELECT ${ADAPTER.map(([, key]) => `r."${key}"`).join(', ')}
    FROM json_to_recordset(:rows::json)
      AS r(${[...new Set(ADAPTER.map(([, key, type]) => `"${key}" ${type}`))].join(', ')}) ${AGAIN}`,
})

type Update = { table: string; set: string; when: string; given: Readonly<Record<string, string>>; key?: string }

// Guarded transitions: who finds the row in another state changes nothing and gets no row back.
const transition = (name: string, { table, set, when, given, key = 'id' }: Update): WriteStatement => {
  const sqlite = (text: string) =>
    text.replace(/\br\.(\w+)/g, (_, field: string) => `json_extract(r.value, '$.${field}')`)
  const fields = Object.entries(given).map(([field, type]) => `${field} ${type}`)
  const where = `"${table}"."tenantId" = r.tenant_id AND "${table}"."${key}" = r.id AND ${when}`
  return writeStatement(name, {
    sqlite: `UPDATE "${table}" SET ${sqlite(set)} FROM json_each(:rows) AS r WHERE ${sqlite(where)}
      RETURNING "${table}"."${key}"`,
    postgresql: `UPDATE "${table}" SET ${set}
      FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, ${fields.join(', ')}) WHERE ${where}
      RETURNING "${table}"."${key}"`,
  })
}

export const settleOne = transition('adapters.settle-execution', {
  table: 'Execution',
  set: `"effect" = r.effect, "reply" = r.reply, "grantedScope" = r.granted, "expiresAt" = r.expires,
    "maxCostMicroUsd" = r.max_cost,
    "traceId" = COALESCE("Execution"."traceId", r.trace)`,
  when: `"Execution"."effect" = 'pending'`,
  given: {
    ...{ effect: 'text', reply: 'jsonb', granted: 'jsonb', expires: 'timestamp(3)', trace: 'text' },
    max_cost: 'bigint',
  },
})

// The one use of a tool token: by the agent that it was given to, in time.
export const spendAuthorization = transition('adapters.use-authorization', {
  table: 'ToolAuthorization',
  set: `"usedAt" = r.now`,
  when: `"ToolAuthorization"."usedAt" IS NULL AND "ToolAuthorization"."decision" = 'allow'
    AND "ToolAuthorization"."expiresAt" > r.now AND "ToolAuthorization"."tokenHash" = r.token
    AND "ToolAuthorization"."adapterId" = r.adapter`,
  given: { now: 'timestamp(3)', token: 'text', adapter: 'text' },
})

// A step that was seen here. What is full takes no more.
export const countStep = transition('adapters.count-step', {
  table: 'Execution',
  set: `"usedSteps" = "Execution"."usedSteps" + 1`,
  when: `"Execution"."usedSteps" < "Execution"."maxSteps" AND "Execution"."effect" = 'allow'
    AND "Execution"."expiresAt" > r.now`,
  given: { now: 'timestamp(3)' },
})

// What the agent tells of itself only ever raises what it has used.
export const raiseUse = transition('adapters.raise-use', {
  table: 'Execution',
  set: `"usedSteps" = CASE WHEN r.steps > "Execution"."usedSteps" THEN r.steps ELSE "Execution"."usedSteps" END,
    "costMicroUsd" = "Execution"."costMicroUsd" + r.cost,
    "traceId" = COALESCE("Execution"."traceId", r.trace)`,
  when: `"Execution"."adapterId" = r.adapter`,
  given: { steps: 'int', cost: 'bigint', trace: 'text', adapter: 'text' },
})

// Whoever switches an agent off waits for what it is doing in this moment; what comes later is refused.
export const stillEnabled = writeStatement('adapters.still-enabled', {
  sqlite: `SELECT json_extract(r.value, '$.i') AS "i" FROM json_each(:rows) AS r JOIN "Adapter" AS a
    ON a."tenantId" = json_extract(r.value, '$.tenant_id') AND a."id" = json_extract(r.value, '$.id')
    WHERE a."isEnabled"`,
  postgresql: `SELECT r.i FROM json_to_recordset(:rows::json) AS r(i int, tenant_id text, id text)
    JOIN "Adapter" AS a ON a."tenantId" = r.tenant_id AND a."id" = r.id WHERE a."isEnabled"
    ORDER BY a."tenantId", a."id" FOR NO KEY UPDATE OF a`,
})

export const touchAdapter = transition('adapters.seen', {
  table: 'Adapter',
  set: `"lastSeenAt" = r.now`,
  when: `"Adapter"."lastSeenAt" < r.now`,
  given: { now: 'timestamp(3)' },
})
