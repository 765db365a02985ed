import { expect, it } from 'vitest'
import { describeEachDialect, emptyDatabase, freshDatabase } from '../testing/database'
import { describeSchema, type SchemaDescription } from '../testing/describe-schema'
import { rawQuery } from '../testing/raw-query'
import { diffSchemas } from './engine'
import { EXTERNAL_OBJECTS } from './external-objects'
import { lastSnapshot, migrationsFolder } from './history'
import { type Dialect, datasourceBlock, readModels, withDatasource } from './schema-source'

const present = (dialect: Dialect) => withDatasource(dialect, readModels(process.cwd()))

const isExternalIndex = (dialect: Dialect, line: string) =>
  EXTERNAL_OBJECTS[dialect].indexes.some((name) => line.startsWith(`index CREATE INDEX "${name}" `))

const withoutExternal = (dialect: Dialect, { tables }: SchemaDescription) =>
  Object.fromEntries(
    Object.entries(tables)
      .filter(([name]) => !EXTERNAL_OBJECTS[dialect].tables.includes(name))
      .map(([name, lines]) => [name, lines.filter((line) => !isExternalIndex(dialect, line))]),
  )

const madeFromModels = async (dialect: Dialect) => {
  const db = await emptyDatabase(dialect)
  await rawQuery(db.url, await diffSchemas(dialect, datasourceBlock(dialect), present(dialect)))
  return db
}

describeEachDialect('migrations and models', (dialect) => {
  it('have nothing left to migrate', async () => {
    const snapshot = lastSnapshot(migrationsFolder(dialect))
    expect(await diffSchemas(dialect, snapshot ?? '', present(dialect)), 'run: npm run migration -- <name>').toBe('')
  })

  it('make the same database', async () => {
    const [migrated, fresh] = await Promise.all([freshDatabase(dialect), madeFromModels(dialect)])
    const [found, wanted] = await Promise.all([describeSchema(migrated.url), describeSchema(fresh.url)])
    expect(Object.keys(wanted.tables)).toContain('AuditEntry')
    expect(withoutExternal(dialect, found)).toEqual(wanted.tables)
    await Promise.all([migrated.close(), fresh.close()])
  })

  it('leave exactly the hand-written objects that are listed', async () => {
    const db = await freshDatabase(dialect)
    const { triggers, functions } = await describeSchema(db.url)
    expect(triggers).toEqual([...EXTERNAL_OBJECTS[dialect].triggers].sort())
    expect(functions).toEqual([...EXTERNAL_OBJECTS[dialect].functions].sort())
    await db.close()
  })

  it.each([
    ['a column', 'ALTER TABLE "Tenant" ADD COLUMN "colour" TEXT'],
    ['an index', 'DROP INDEX "Job_status_runAt_idx"'],
    ['a table', 'CREATE TABLE "Stray" ("id" TEXT)'],
  ])('would notice %s that came or went', async (_, change) => {
    const db = await freshDatabase(dialect)
    const before = await describeSchema(db.url)
    await rawQuery(db.url, change)
    expect((await describeSchema(db.url)).tables).not.toEqual(before.tables)
    await db.close()
  })
})
