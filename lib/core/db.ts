import { PrismaPg } from '@prisma/adapter-pg'
import type { Clock } from './clock'
import { PrismaClient as PostgresqlClient } from './generated/postgresql/client'
import { PrismaClient } from './generated/sqlite/client'
import { targetOf } from './migrate/target'
import { openPool, query } from './postgresql/pool'
import { postgresqlWriter } from './postgresql/writer'
import { sqliteAdapter } from './sqlite/adapter'
import { openSqlite } from './sqlite/open'
import { rowsOf, sqliteWriter } from './sqlite/writer'
import { type Dialect, namedFor, type Params, positional, type ReadStatement } from './statement'
import type { Writer } from './writer'

export type Row = Record<string, unknown>

export type Database = {
  dialect: Dialect
  url: string
  reader: PrismaClient
  writer: Writer
  rows(statement: ReadStatement, params: Params): Promise<Row[]>
  close(): Promise<void>
}

const WRITER_BUSY_MS = 20

const openSqliteDatabase = (url: string, path: string, clock: Clock): Database => {
  const writing = openSqlite(path, { mode: 'write', busyTimeoutMs: WRITER_BUSY_MS })
  const reading = openSqlite(path, { mode: 'read' })
  const reader = new PrismaClient({ adapter: sqliteAdapter(reading) })
  const writingClient = new PrismaClient({ adapter: sqliteAdapter(writing) })
  const writer = sqliteWriter(writing, writingClient, clock)
  return {
    dialect: 'sqlite',
    url,
    reader,
    writer,
    rows: async (statement, params) => rowsOf(reading, statement.sqlite, namedFor(statement, params)),
    close: async () => {
      await writer.drain()
      await Promise.all([reader.$disconnect(), writingClient.$disconnect()])
      reading.close()
      writing.close()
    },
  }
}

// Both generated clients come from one model, so one type serves both.
const asOneClient = (client: unknown): PrismaClient => client as PrismaClient

const openPostgresql = (url: string, poolSize: number, clock: Clock): Database => {
  const pool = openPool(url, poolSize)
  const client = asOneClient(new PostgresqlClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) }))
  const readerPool = openPool(url, poolSize, true)
  const reader = asOneClient(
    new PostgresqlClient({ adapter: new PrismaPg(readerPool, { disposeExternalPool: false }) }),
  )
  const writer = postgresqlWriter(pool, client, clock)
  return {
    dialect: 'postgresql',
    url,
    reader,
    writer,
    rows: (statement, params) => query(readerPool, statement.postgresql, positional(statement, params)),
    close: async () => {
      await writer.drain()
      await Promise.all([client.$disconnect(), reader.$disconnect()])
      await Promise.all([pool.end(), readerPool.end()])
    },
  }
}

export const openDatabase = (url: string, poolSize: number, clock: Clock): Database => {
  const target = targetOf(url)
  return target.dialect === 'sqlite'
    ? openSqliteDatabase(url, target.path, clock)
    : openPostgresql(target.url, poolSize, clock)
}
