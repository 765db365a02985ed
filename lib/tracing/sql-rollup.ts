import { writeStatement } from '@/lib/core/statement'

const SUMS = {
  traces: '1',
  steps: 't."stepCount"',
  toolCalls: 't."toolCallCount"',
  errors: `CASE WHEN t."status" IN ('error', 'timeout') THEN 1 ELSE 0 END`,
  inputTokens: 't."inputTokens"',
  outputTokens: 't."outputTokens"',
  cacheReadTokens: 't."cacheReadTokens"',
  cacheWriteTokens: 't."cacheWriteTokens"',
  reasoningTokens: 't."reasoningTokens"',
  costMicroUsd: 't."costMicroUsd"',
  durationMs: 'COALESCE(t."durationMs", 0)',
}

const KEYS = {
  tenantId: 't."tenantId"',
  hour: '',
  origin: 't."origin"',
  workspaceId: 't."workspaceId"',
  environment: 't."environment"',
  agentRole: `COALESCE(t."agentRole", '')`,
  provider: 't."provider"',
  model: 't."model"',
  status: 't."status"',
  riskLevel: `COALESCE(t."riskLevel", '')`,
  durationBucket: 't."durationBucket"',
}

const HOUR = {
  sqlite: `substr(t."startedAt", 1, 13) || ':00:00.000+00:00'`,
  postgresql: `date_trunc('hour', t."startedAt")`,
}

const FROM = {
  sqlite: `json_each(:rows) AS r JOIN "Trace" t
    ON t."tenantId" = json_extract(r.value, '$.tenant_id') AND t."id" = json_extract(r.value, '$.id')`,
  postgresql: `json_to_recordset(:rows::json) AS r(tenant_id text, id text)
    JOIN "Trace" t ON t."tenantId" = r.tenant_id AND t."id" = r.id`,
}

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ')

// The sums come from the rows of the traces themselves, so they cannot say anything else. Sorted, so that two
// transactions take the rows in one order.
const sqlOf = (dialect: 'sqlite' | 'postgresql', sign: '' | '-'): string => {
  const keys = Object.entries({ ...KEYS, hour: HOUR[dialect] })
  const sums = Object.entries(SUMS)
  const places = keys.map((_, at) => at + 1).join(', ')
  return `INSERT INTO "TraceRollup" (${quoted([...Object.keys(KEYS), ...Object.keys(SUMS)])})
    SELECT ${keys.map(([name, sql]) => `${sql} AS "${name}"`).join(', ')},
      ${sums.map(([, sql]) => `${sign}SUM(${sql})`).join(', ')}
    FROM ${FROM[dialect]} WHERE t."status" NOT IN ('running', 'paused')
    GROUP BY ${places} ORDER BY ${places}
    ON CONFLICT (${quoted(Object.keys(KEYS))}) DO UPDATE SET
      ${sums.map(([name]) => `"${name}" = "TraceRollup"."${name}" + excluded."${name}"`).join(', ')}`
}

const statementOf = (name: string, sign: '' | '-') =>
  writeStatement(name, { sqlite: sqlOf('sqlite', sign), postgresql: sqlOf('postgresql', sign) })

export const addSums = statementOf('tracing.sums-add', '')
export const takeSums = statementOf('tracing.sums-take', '-')
