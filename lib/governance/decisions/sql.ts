import { readStatement, writeStatement } from '@/lib/core/statement'

const COLUMNS = [
  ...['id', 'createdAt', 'origin', 'subject', 'traceId', 'executionId', 'adapterId', 'workspaceId', 'environment'],
  ...['agentRole', 'userId', 'tool', 'toolCallId', 'actionHash', 'action', 'facts', 'decision', 'status'],
  ...['explanation', 'matchedPolicies', 'decisionTrace', 'policyHash', 'riskScore', 'riskLevel', 'costMicroUsd'],
  ...['requestedBy', 'requestedById', 'requiredRole', 'grantedScope', 'expiresAt', 'callbackUrl', 'callbackSecret'],
] as const

const TYPES: Readonly<Record<string, string>> = {
  createdAt: 'timestamp(3)',
  expiresAt: 'timestamp(3)',
  action: 'jsonb',
  facts: 'jsonb',
  matchedPolicies: 'jsonb',
  decisionTrace: 'jsonb',
  grantedScope: 'jsonb',
  riskScore: 'int',
  costMicroUsd: 'bigint',
}

const quoted = COLUMNS.map((name) => `"${name}"`).join(', ')

export const insertDecisions = writeStatement('governance.decisions', {
  sqlite: `INSERT INTO "Decision" ("tenantId", ${quoted})
    SELECT json_extract(value, '$.tenant_id'), ${COLUMNS.map((name) => `json_extract(value, '$.${name}')`).join(', ')}
    FROM json_each(:rows)`,
  postgresql: `INSERT INTO "Decision" ("tenantId", ${quoted})
    SELECT r.tenant_id, ${COLUMNS.map((name) => `r."${name}"`).join(', ')} FROM json_to_recordset(:rows::json)
      AS r(tenant_id text, ${COLUMNS.map((name) => `"${name}" ${TYPES[name] ?? 'text'}`).join(', ')})`,
})

type Change = { set: readonly string[]; when: string; types?: Readonly<Record<string, string>> }

// Guarded transitions: who finds the row in another state changes nothing and gets no row back.
const transition = (name: string, { set, when }: Change, given: Readonly<Record<string, string>>) => {
  const sqlite = (text: string) =>
    text.replace(/\br\.(\w+)/g, (_, field: string) => `json_extract(r.value, '$.${field}')`)
  const assigned = set.join(', ')
  const fields = Object.entries(given).map(([field, type]) => `${field} ${type}`)
  return writeStatement(name, {
    sqlite: `UPDATE "Decision" SET ${sqlite(assigned)} FROM json_each(:rows) AS r
      WHERE "Decision"."tenantId" = json_extract(r.value, '$.tenant_id')
        AND "Decision"."id" = json_extract(r.value, '$.id') AND ${sqlite(when)} RETURNING "Decision"."id"`,
    postgresql: `UPDATE "Decision" SET ${assigned}
      FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, ${fields.join(', ')})
      WHERE "Decision"."tenantId" = r.tenant_id AND "Decision"."id" = r.id AND ${when} RETURNING "Decision"."id"`,
  })
}

const IN_TIME = `("Decision"."expiresAt" IS NULL OR "Decision"."expiresAt" > r.now)`

// The one use of an approval: for the very action it was given for, by whom it was given to, and in time.
export const consumeOne = transition(
  'governance.consume-decision',
  {
    set: ['"usedAt" = r.now', '"usedBy" = r.by'],
    when: `"Decision"."status" = 'approved' AND "Decision"."usedAt" IS NULL AND ${IN_TIME}
      AND "Decision"."actionHash" = r.hash AND COALESCE("Decision"."adapterId", '') = r.adapter
      AND COALESCE("Decision"."tokenHash", '') = r.token`,
  },
  { now: 'timestamp(3)', by: 'text', hash: 'text', adapter: 'text', token: 'text' },
)

export const resolveOne = transition(
  'governance.resolve-decision',
  {
    set: [
      ...['"status" = r.status', '"resolvedAt" = r.now', '"resolvedBy" = r.by', '"resolvedById" = r.by_id'],
      ...['"resolution" = r.resolution', '"tokenHash" = r.token', '"expiresAt" = r.expires'],
    ],
    when: `"Decision"."status" = 'pending' AND ${IN_TIME}`,
  },
  {
    ...{ now: 'timestamp(3)', status: 'text', by: 'text', by_id: 'text', resolution: 'jsonb', token: 'text' },
    expires: 'timestamp(3)',
  },
)

// Nobody decided in time, or nobody used in time what was approved.
export const expireSome = transition(
  'governance.expire-decisions',
  {
    set: [`"status" = 'expired'`],
    when: `"Decision"."usedAt" IS NULL AND "Decision"."status" IN ('pending', 'approved')
      AND "Decision"."expiresAt" <= r.now`,
  },
  { now: 'timestamp(3)' },
)

export const decisionsByPolicy = readStatement({
  sqlite: `SELECT "id" FROM "Decision" WHERE "tenantId" = :tenant
      AND EXISTS (SELECT 1 FROM json_each("matchedPolicies") m WHERE m.value = :policy)
    ORDER BY "createdAt" DESC, "id" DESC LIMIT 2000`,
  postgresql: `SELECT "id" FROM "Decision" WHERE "tenantId" = :tenant
      AND "matchedPolicies" @> jsonb_build_array(CAST(:policy AS text))
    ORDER BY "createdAt" DESC, "id" DESC LIMIT 2000`,
})

// The run that it belongs to is over, in time or not.
export const closeOne = transition(
  'governance.close-decision',
  {
    set: [
      ...[`"status" = 'denied'`, '"resolvedAt" = r.now', '"resolvedBy" = r.by', '"resolvedById" = r.by_id'],
      '"resolution" = r.resolution',
    ],
    when: `"Decision"."status" = 'pending'`,
  },
  { now: 'timestamp(3)', by: 'text', by_id: 'text', resolution: 'jsonb' },
)
