import {
  DriverAdapterError,
  type MappedError,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils'
import { prepared, type SqliteHandle } from './handle'
import { columnTypesOf, toPrisma, toSqlite } from './values'

// Prisma over one libsql handle. The handle is shared with the writer's own statements, so that
// both stand in the same transaction; the writer opens and closes it, Prisma only nests savepoints.
const INFO = { provider: 'sqlite', adapterName: 'clasper-libsql' } as const

type DriverError = { code?: unknown; rawCode?: unknown; message: string }

const isDriverError = (error: unknown): error is DriverError => error instanceof Error && 'code' in error

const named = (message: string): { table?: string; fields: string[] } => {
  const columns = (message.split('constraint failed: ')[1] ?? '').split(', ').map((column) => column.split('.'))
  const table = columns[0]?.length === 2 ? columns[0][0] : undefined
  return { ...(table ? { table } : {}), fields: columns.map((parts) => parts.at(-1) ?? '') }
}

const mapped = (error: DriverError): MappedError => {
  const { table, fields } = named(error.message)
  switch (error.code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return { kind: 'UniqueConstraintViolation', constraint: { fields }, ...(table ? { table } : {}) }
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return { kind: 'NullConstraintViolation', constraint: { fields } }
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } }
    case 'SQLITE_BUSY':
    case 'SQLITE_BUSY_SNAPSHOT':
      return { kind: 'SocketTimeout' }
    default:
      return { kind: 'sqlite', extendedCode: Number(error.rawCode ?? 1), message: error.message }
  }
}

const guarded = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (!isDriverError(error)) throw error
    throw new DriverAdapterError({ originalCode: String(error.code), originalMessage: error.message, ...mapped(error) })
  }
}

const argumentsOf = ({ args, argTypes }: SqlQuery): unknown[] =>
  args.map((arg, index) => toSqlite(arg, argTypes[index]))

const query = (handle: SqliteHandle, input: SqlQuery): SqlResultSet => {
  const statement = prepared(handle, input.sql)
  const args = argumentsOf(input)
  if (!statement.reader) {
    const { lastInsertRowid } = statement.run(args)
    return { columnNames: [], columnTypes: [], rows: [], lastInsertId: String(lastInsertRowid) }
  }
  const columns = statement.columns()
  const rows = statement.safeIntegers(true).raw(true).all(args) as unknown[][]
  const columnTypes = columnTypesOf(
    columns.map((column) => column.type),
    rows,
  )
  return {
    columnNames: columns.map((column) => column.name),
    columnTypes,
    rows: rows.map((row) => row.map((value, index) => toPrisma(value, columnTypes[index]))) as SqlResultSet['rows'],
  }
}

const queryable = (handle: SqliteHandle): SqlQueryable => ({
  ...INFO,
  queryRaw: async (input) => guarded(() => query(handle, input)),
  executeRaw: async (input) => guarded(() => prepared(handle, input.sql).run(argumentsOf(input)).changes),
})

const begin = (handle: SqliteHandle, depth: number): Transaction => {
  const outermost = !handle.inTransaction
  const name = `clasper_${depth}`
  handle.exec(outermost ? 'BEGIN' : `SAVEPOINT ${name}`)
  return {
    ...queryable(handle),
    options: { usePhantomQuery: true },
    commit: async () => guarded(() => void handle.exec(outermost ? 'COMMIT' : `RELEASE ${name}`)),
    rollback: async () =>
      guarded(() => void handle.exec(outermost ? 'ROLLBACK' : `ROLLBACK TO ${name}; RELEASE ${name}`)),
  }
}

const adapter = (handle: SqliteHandle): SqlDriverAdapter => {
  let depth = 0
  return {
    ...queryable(handle),
    executeScript: async (script) => guarded(() => void handle.exec(script)),
    startTransaction: async () => guarded(() => begin(handle, ++depth)),
    getConnectionInfo: () => ({ maxBindValues: 32_766, supportsRelationJoins: false }),
    dispose: async () => undefined,
  }
}

export const sqliteAdapter = (handle: SqliteHandle): SqlDriverAdapterFactory => ({
  ...INFO,
  connect: async () => adapter(handle),
})
