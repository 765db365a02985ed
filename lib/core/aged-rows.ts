import { type Dialect, type ReadStatement, readStatement, type WriteStatement, writeStatement } from './statement'

// What is older than `until` is due. Where it came from, what is older than `stale` is not taken once more.
type Times = { until: string; stale: string }

export type Aged = {
  name: string
  table: string
  key: readonly string[]
  oldest: string
  // Columns are named with their table, so that the same words hold in both statements.
  when: (times: Times) => string
  // Without it they are deleted.
  set?: string
}

export type AgedRows = Pick<Aged, 'table'> & {
  action: 'deleted' | 'emptied'
  find: ReadStatement
  take: WriteStatement
}

// Rows that a tenant's time is over for; `atMost` where only so many may go.
export type DueRows = AgedRows & { times: Times; atMost?: number }

type Given = Readonly<Record<Dialect, (name: string, type: string) => string>>

const READ: Given = { sqlite: (name) => `:${name}`, postgresql: (name, type) => `CAST(:${name} AS ${type})` }

const WRITE: Given = {
  sqlite: (name) => `(SELECT json_extract(value, '$.${name}') FROM json_each(:rows))`,
  postgresql: (name, type) => `(SELECT r."${name}" FROM json_to_recordset(:rows::json) AS r("${name}" ${type}))`,
}

const TIME = 'timestamp(3)'

const isDue = ({ when }: Aged, given: Given[Dialect]): string =>
  when({ until: given('until', TIME), stale: given('stale', TIME) })

const takeIn = (aged: Aged, dialect: Dialect): string => {
  const { table, key, oldest, set } = aged
  const given = WRITE[dialect]
  const keys = ['tenantId', ...key].map((column) => `"${column}"`).join(', ')
  return `${set === undefined ? `DELETE FROM "${table}"` : `UPDATE "${table}" SET ${set}`}
    WHERE (${keys}) IN (SELECT ${keys} FROM "${table}"
      WHERE "${table}"."tenantId" = ${given('tenant_id', 'text')} AND ${isDue(aged, given)}
      ORDER BY "${oldest}" LIMIT ${given('most', 'int')}) RETURNING 1 AS "done"`
}

const findIn = (aged: Aged, dialect: Dialect): string =>
  `SELECT 1 AS "due" FROM "${aged.table}"
    WHERE "${aged.table}"."tenantId" = :tenant AND ${isDue(aged, READ[dialect])} LIMIT 1`

/** Whether a tenant has rows whose time is over, and the oldest of them taken: one row names the times and `most`. */
export const agedRows = (aged: Aged): AgedRows => ({
  table: aged.table,
  action: aged.set === undefined ? 'deleted' : 'emptied',
  find: readStatement({ sqlite: findIn(aged, 'sqlite'), postgresql: findIn(aged, 'postgresql') }),
  take: writeStatement(aged.name, { sqlite: takeIn(aged, 'sqlite'), postgresql: takeIn(aged, 'postgresql') }),
})
