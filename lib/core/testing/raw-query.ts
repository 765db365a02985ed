import pg from 'pg'
import { targetOf } from '../migrate/target'
import { openSqlite } from '../sqlite/open'

export type RawRow = Readonly<Record<string, unknown>>
export type Ask = (statement: string) => Promise<RawRow[]>

const onSqlite = async <T>(path: string, work: (ask: Ask) => Promise<T>): Promise<T> => {
  const db = openSqlite(path, { mode: 'write' })
  const ask: Ask = async (statement) => {
    if (/^\s*(select|pragma \w+\()/i.test(statement)) return db.prepare(statement).all() as RawRow[]
    db.exec(statement)
    return []
  }
  try {
    return await work(ask)
  } finally {
    db.close()
  }
}

const onPostgres = async <T>(url: string, work: (ask: Ask) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(async (statement) => (await client.query<Record<string, unknown>>(statement)).rows)
  } finally {
    await client.end()
  }
}

/** Statements past every layer of the product, to prepare and to look behind it. */
export const withRawQueries = <T>(url: string, work: (ask: Ask) => Promise<T>): Promise<T> => {
  const target = targetOf(url)
  return target.dialect === 'sqlite' ? onSqlite(target.path, work) : onPostgres(target.url, work)
}

export const rawQuery = (url: string, statement: string): Promise<RawRow[]> =>
  withRawQueries(url, (ask) => ask(statement))
