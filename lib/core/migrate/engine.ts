import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'
import type { Dialect } from './schema-source'

type Exports = { __wbindgen_start: () => void }
const isStartable = (exports: object): exports is Exports => '__wbindgen_start' in exports

const state: { ready: Promise<void> | null } = { ready: null }

const instantiate = async () => {
  const home = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const bytes = readFileSync(join(home, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...glue } })
  if (!isStartable(instance.exports)) throw new Error('@prisma/schema-engine-wasm does not have the expected shape')
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

const greeting: SqlResultSet = {
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, 'PostgreSQL 15.0', 150000]],
}

const refuse = () => Promise.reject(new Error('Comparing two schemas needs no database'))

// The engine greets its database even when it only compares two files; this one answers the greeting and nothing else.
const paperDatabase = (dialect: Dialect): SqlMigrationAwareDriverAdapterFactory => {
  const provider = dialect === 'sqlite' ? 'sqlite' : 'postgres'
  const adapter: SqlDriverAdapter = {
    provider,
    adapterName: 'paper',
    queryRaw: () => Promise.resolve(greeting),
    executeRaw: refuse,
    executeScript: refuse,
    startTransaction: refuse,
    dispose: () => Promise.resolve(),
  }
  const connect = () => Promise.resolve(adapter)
  return { provider, adapterName: 'paper', connect, connectToShadowDb: connect }
}

/** Prisma's schema engine as WebAssembly. For making migrations and for tests; the server never loads it. */
export const openEngine = async (dialect: Dialect, schema: string, factory = paperDatabase(dialect)) => {
  state.ready ??= instantiate()
  await state.ready
  const bound = bindMigrationAwareSqlAdapterFactory(factory)
  return glue.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, bound)
}

const EMPTY = '-- This is an empty migration.'

// SQLite numbers rows by itself only in a column that is called INTEGER, and never twice only with AUTOINCREMENT.
const numbering = (dialect: Dialect, sql: string): string =>
  dialect === 'sqlite'
    ? sql.replaceAll('BIGINT NOT NULL PRIMARY KEY', 'INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT')
    : sql

/** The SQL that leads from one schema to another; empty when they are equal. */
export const diffSchemas = async (dialect: Dialect, from: string, to: string): Promise<string> => {
  const engine = await openEngine(dialect, to)
  const side = (content: string): glue.DiffTarget => ({
    tag: 'schemaDatamodel',
    files: [{ path: 'schema.prisma', content }],
  })
  const { stdout } = await engine.diff({
    from: side(from),
    to: side(to),
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  const sql = numbering(dialect, (stdout ?? '').trim())
  return sql === EMPTY ? '' : `${sql}\n`
}
