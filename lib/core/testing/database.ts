import { randomUUID } from 'node:crypto'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, inject } from 'vitest'
import { migrate } from '../migrate/migrate'
import { DIALECTS, type Dialect } from '../migrate/schema-source'
import { openSqlite } from '../sqlite/open'
import { once } from './once'
import { createDatabase, dropDatabase, startPostgres, urlOf } from './postgres'

export type TestDatabase = { dialect: Dialect; url: string; close: () => Promise<void> }

const TEMPLATE = 'clasper_template'
const sqliteTemplate = () => join(inject('runFolder'), 'template.db')
const cluster = () => join(inject('runFolder'), 'postgres')
const newName = () => `t_${randomUUID().replaceAll('-', '')}`

const prepareSqlite = () =>
  once(join(inject('runFolder'), 'sqlite-ready'), async () => {
    const first = join(inject('runFolder'), 'first.db')
    await migrate(`file:${first}`)
    // libsql closes late, so the file alone may lack what is still in its log; a vacuumed copy is whole.
    const db = openSqlite(first, { mode: 'write' })
    db.prepare('VACUUM INTO ?').run(sqliteTemplate())
    db.close()
  })

const preparePostgres = async () => {
  await once(join(inject('runFolder'), 'postgres-started'), () => startPostgres(cluster()))
  await once(join(inject('runFolder'), 'postgres-ready'), async () => {
    await migrate(await createDatabase(cluster(), TEMPLATE))
  })
}

const sqliteFile = (): TestDatabase & { path: string } => {
  const path = join(inject('runFolder'), `${newName()}.db`)
  const close = async () => {
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  }
  return { dialect: 'sqlite', path, url: `file:${path}`, close }
}

/** A database of its own, migrated, in tens of milliseconds. Close every connection before `close()`. */
export const freshDatabase = async (dialect: Dialect): Promise<TestDatabase> => {
  if (dialect === 'postgresql') {
    await preparePostgres()
    const name = newName()
    const url = await createDatabase(cluster(), name, TEMPLATE)
    return { dialect, url, close: () => dropDatabase(cluster(), name) }
  }
  await prepareSqlite()
  const { path, ...file } = sqliteFile()
  copyFileSync(sqliteTemplate(), path)
  return file
}

/** A database of its own without any table. */
export const emptyDatabase = async (dialect: Dialect): Promise<TestDatabase> => {
  if (dialect === 'sqlite') {
    const { path: _, ...file } = sqliteFile()
    return file
  }
  await preparePostgres()
  const name = newName()
  await createDatabase(cluster(), name)
  return { dialect, url: urlOf(cluster(), name), close: () => dropDatabase(cluster(), name) }
}

/** The same tests on both databases. */
export const describeEachDialect = (name: string, tests: (dialect: Dialect) => void): void => {
  for (const dialect of DIALECTS) describe(`${name} (${dialect})`, () => tests(dialect))
}
