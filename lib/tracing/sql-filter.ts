import { type Dialect, type ReadStatement, readStatement } from '@/lib/core/statement'

// Every condition that a reading of traces can have. A statement holds those that were asked for and no others: an OR
// over optional parameters would keep the database from its indexes.
type Text = string | Readonly<Record<Dialect, string>>

const equals = (column: string, name: string): string => `t."${column}" = :${name}`

const time = (column: string, sign: string, name: string): Record<Dialect, string> => ({
  sqlite: `${column} ${sign} :${name}`,
  postgresql: `${column} ${sign} (CAST(:${name} AS timestamptz) AT TIME ZONE 'UTC')`,
})

const before = (at: string, id: string): Record<Dialect, string> => ({
  sqlite: `(${at}, ${id}) < (:before, :before_id)`,
  postgresql: `(${at}, ${id}) < (CAST(:before AS timestamptz) AT TIME ZONE 'UTC', :before_id)`,
})

const labelled = (more = ''): string => `EXISTS (SELECT 1 FROM "TraceLabel" l WHERE l."tenantId" = :tenant
  AND l."traceId" = t."id" AND l."key" = :label_key${more})`

export const SEARCHED = `(array_to_tsvector(ARRAY['tenant=' || x."tenantId"]) || to_tsvector('simple', x."text"))`
export const SOUGHT = `(CAST(:tenant_word AS tsquery) && to_tsquery('simple', :match))`

// A plus keeps SQLite from an index that would cost it the order.
const CONDITIONS = {
  workspace: equals('workspaceId', 'workspace'),
  workspaces: {
    sqlite: '+t."workspaceId" IN (SELECT value FROM json_each(:workspaces))',
    postgresql: 't."workspaceId" = ANY(ARRAY(SELECT json_array_elements_text(CAST(:workspaces AS json))))',
  },
  user: equals('userId', 'user'),
  user_either: 't."userId" IN (:user_either, :user_name)',
  reader: equals('userId', 'reader'),
  trace: equals('id', 'trace'),
  execution: equals('executionId', 'execution'),
  role: equals('agentRole', 'role'),
  status: equals('status', 'status'),
  model: equals('model', 'model'),
  provider: equals('provider', 'provider'),
  environment: equals('environment', 'environment'),
  origin: equals('origin', 'origin'),
  adapter: equals('adapterId', 'adapter'),
  trust: equals('trustStatus', 'trust'),
  untrusted: `t."trustStatus" NOT IN ('verified', 'verified_with_violations', 'invalid')`,
  risk: equals('riskLevel', 'risk'),
  hash: equals('workspaceHash', 'hash'),
  pin: equals('pinId', 'pin'),
  arm: equals('arm', 'arm'),
  session: equals('sessionKey', 'session'),
  session_among: {
    sqlite: 't."sessionKey" IN (SELECT value FROM json_each(:keys))',
    postgresql: 't."sessionKey" = ANY(ARRAY(SELECT json_array_elements_text(CAST(:keys AS json))))',
  },
  replay: equals('replayOf', 'replay'),
  task: equals('taskId', 'task'),
  document: equals('documentId', 'document'),
  message: equals('messageId', 'message'),
  min_cost: 't."costMicroUsd" >= :min_cost',
  max_cost: 't."costMicroUsd" <= :max_cost',
  start: time('t."startedAt"', '>=', 'start'),
  end: time('t."startedAt"', '<=', 'end'),
  before: before('t."startedAt"', 't."id"'),
  ended: `t."status" NOT IN ('running', 'paused')`,
  has_label: labelled(),
  has_label_value: labelled(' AND l."value" = :label_value'),
  has_text: {
    sqlite: `EXISTS (SELECT 1 FROM "TraceText" x WHERE x."tenantId" = :tenant AND x."traceId" = t."id"
      AND EXISTS (SELECT 1 FROM "TraceTextIndex" WHERE "TraceTextIndex" MATCH :match AND rowid = x."rowId"))`,
    postgresql: `EXISTS (SELECT 1 FROM "TraceText" x WHERE x."tenantId" = :tenant AND x."traceId" = t."id"
      AND ${SEARCHED} @@ ${SOUGHT})`,
  },
  nothing: '1 = 0',
} as const satisfies Record<string, Text>

export type Condition = keyof typeof CONDITIONS

// Where a reading begins: its order and its conditions on time stand on this table.
export type Driver = 'trace' | 'label' | 'label_value' | 'text'

const BY_LABEL = { start: time('l."startedAt"', '>=', 'start'), end: time('l."startedAt"', '<=', 'end') }

const textOf = (text: Text, dialect: Dialect): string => (typeof text === 'string' ? text : text[dialect])

const isLabel = (driver: Driver): boolean => driver === 'label' || driver === 'label_value'

const conditionOf = (name: Condition, driver: Driver): Text => {
  if (!isLabel(driver)) return CONDITIONS[name]
  if (name === 'before') return before('l."startedAt"', 'l."traceId"')
  return name === 'start' || name === 'end' ? BY_LABEL[name] : CONDITIONS[name]
}

const JOIN = { sqlite: 'CROSS JOIN', postgresql: 'JOIN' } as const

// The most telling first. SQLite knows nothing of how often a value occurs and would read back through all of time
// for the one trace of a task, so it is told.
const INDEXES: readonly (readonly [Condition, string])[] = [
  ['execution', 'Trace_tenantId_executionId_idx'],
  ['task', 'Trace_tenantId_taskId_idx'],
  ['message', 'Trace_tenantId_messageId_idx'],
  ['document', 'Trace_tenantId_documentId_idx'],
  ['replay', 'Trace_tenantId_replayOf_startedAt_idx'],
  ['session', 'Trace_tenantId_sessionKey_startedAt_id_idx'],
  ['session_among', 'Trace_tenantId_sessionKey_startedAt_id_idx'],
  ['user', 'Trace_tenantId_userId_startedAt_id_idx'],
  ['user_either', 'Trace_tenantId_userId_startedAt_id_idx'],
  ['reader', 'Trace_tenantId_userId_startedAt_id_idx'],
  ['hash', 'Trace_tenantId_workspaceHash_startedAt_id_idx'],
  ['role', 'Trace_tenantId_agentRole_startedAt_id_idx'],
  ['model', 'Trace_tenantId_model_startedAt_id_idx'],
  ['risk', 'Trace_tenantId_riskLevel_startedAt_id_idx'],
  ['status', 'Trace_tenantId_status_startedAt_id_idx'],
  ['workspace', 'Trace_tenantId_workspaceId_startedAt_id_idx'],
  ['environment', 'Trace_tenantId_environment_startedAt_id_idx'],
]

const BY_TIME = 'Trace_tenantId_startedAt_id_idx'

const traceTable = (conditions: readonly Condition[], dialect: Dialect): string => {
  if (dialect === 'postgresql' || conditions.includes('trace')) return '"Trace" t'
  const [, index] = INDEXES.find(([name]) => conditions.includes(name)) ?? ['start', BY_TIME]
  return `"Trace" t INDEXED BY "${index}"`
}

const labelTables = (dialect: Dialect): string =>
  `"TraceLabel" l ${JOIN[dialect]} "Trace" t ON t."tenantId" = l."tenantId" AND t."id" = l."traceId"`

const textTables = (dialect: Dialect): string =>
  dialect === 'sqlite'
    ? `"TraceTextIndex" CROSS JOIN "TraceText" x ON x."rowId" = "TraceTextIndex".rowid
       CROSS JOIN "Trace" t ON t."tenantId" = x."tenantId" AND t."id" = x."traceId"`
    : '"TraceText" x JOIN "Trace" t ON t."tenantId" = x."tenantId" AND t."id" = x."traceId"'

const tablesOf = ({ driver, conditions }: Shape, dialect: Dialect): string => {
  if (driver === 'text') return textTables(dialect)
  return isLabel(driver) ? labelTables(dialect) : traceTable(conditions, dialect)
}

const FIRST: Record<Driver, Text> = {
  trace: 't."tenantId" = :tenant',
  label: 'l."tenantId" = :tenant AND l."key" = :label_key',
  label_value: 'l."tenantId" = :tenant AND l."key" = :label_key AND l."value" = :label_value',
  text: {
    sqlite: '"TraceTextIndex" MATCH :match AND x."tenantId" = :tenant',
    postgresql: `x."tenantId" = :tenant AND ${SEARCHED} @@ ${SOUGHT}`,
  },
}

export type Shape = { driver: Driver; conditions: readonly Condition[] }

export const where = ({ driver, conditions }: Shape, dialect: Dialect): string =>
  [FIRST[driver], ...conditions.map((name) => conditionOf(name, driver))]
    .map((text) => textOf(text, dialect))
    .join(' AND ')

export const sourceOf = (shape: Shape, dialect: Dialect): string =>
  `${tablesOf(shape, dialect)} WHERE ${where(shape, dialect)}`

// Every label has its trace, so where nothing is asked of the traces they are not looked up to be counted.
export const countedIn = (shape: Shape, dialect: Dialect): string =>
  isLabel(shape.driver) && shape.conditions.every((name) => name === 'start' || name === 'end')
    ? `"TraceLabel" l WHERE ${where(shape, dialect)}`
    : sourceOf(shape, dialect)

export const sortOf = ({ driver }: Shape) =>
  isLabel(driver) ? { at: 'l."startedAt"', id: 'l."traceId"' } : { at: 't."startedAt"', id: 't."id"' }

export const both = (text: (dialect: Dialect) => string): ReadStatement =>
  readStatement({ sqlite: text('sqlite'), postgresql: text('postgresql') })
