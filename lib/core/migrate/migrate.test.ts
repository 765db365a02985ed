import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { expect, inject, it } from 'vitest'
import { sqliteAdapter } from '../sqlite/adapter'
import { openSqlite } from '../sqlite/open'
import { describeEachDialect, emptyDatabase, freshDatabase } from '../testing/database'
import { describeSchema } from '../testing/describe-schema'
import { rawQuery } from '../testing/raw-query'
import { openEngine } from './engine'
import { migrationNames, migrationsFolder, readMigrations } from './history'
import { migrate } from './migrate'
import { type Dialect, datasourceBlock } from './schema-source'
import { targetOf } from './target'

const exec = promisify(execFile)

const projectWith = (dialect: Dialect, extra: Record<string, string>) => {
  const root = mkdtempSync(join(inject('runFolder'), 'project-'))
  cpSync(migrationsFolder(dialect), migrationsFolder(dialect, root), { recursive: true })
  for (const [name, sql] of Object.entries(extra)) {
    mkdirSync(join(migrationsFolder(dialect, root), name), { recursive: true })
    writeFileSync(join(migrationsFolder(dialect, root), name, 'migration.sql'), sql)
  }
  return root
}

const SCRIPT = `import { migrate } from './lib/core/migrate/migrate'
console.log(JSON.stringify((await migrate(process.argv[1])).applied))`

const inAnotherProcess = async (url: string): Promise<string[]> => {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT, url]
  return JSON.parse((await exec(process.execPath, args)).stdout) as string[]
}

describeEachDialect('migrate', (dialect) => {
  const names = migrationNames(migrationsFolder(dialect))

  it('applies everything once, and then has nothing to do in a moment', async () => {
    const db = await emptyDatabase(dialect)
    expect(await migrate(db.url)).toEqual({ applied: names })
    const times: number[] = []
    for (let round = 0; round < 5; round++) {
      const start = performance.now()
      expect(await migrate(db.url)).toEqual({ applied: [] })
      times.push(performance.now() - start)
    }
    expect(Math.min(...times)).toBeLessThan(30)
    await db.close()
  })

  it('lets several processes start at once', async () => {
    const db = await emptyDatabase(dialect)
    const applied = await Promise.all(Array.from({ length: 4 }, () => inAnotherProcess(db.url)))
    expect(applied.flat()).toEqual(names)
    expect(await rawQuery(db.url, 'SELECT migration_name AS name FROM "_prisma_migrations" ORDER BY 1')).toEqual(
      names.map((name) => ({ name })),
    )
    await db.close()
  })

  it('sees, after waiting for the lock, what the others did meanwhile', async () => {
    const db = await emptyDatabase(dialect)
    const applied = await Promise.all(Array.from({ length: 8 }, () => migrate(db.url)))
    expect(applied.flatMap((each) => each.applied)).toEqual(names)
    await db.close()
  })

  it('leaves the old database whole when any migration fails', async () => {
    const db = await freshDatabase(dialect)
    const before = await describeSchema(db.url)
    const root = projectWith(dialect, {
      '20990101000000_fine': 'CREATE TABLE "Fine" ("id" TEXT);',
      '20990101000001_broken': 'CREATE TABLE "Half" ("id" TEXT); INSERT INTO "Nowhere" VALUES (1);',
    })
    await expect(migrate(db.url, { root })).rejects.toThrow(/20990101000001_broken failed: .*Nowhere/)
    expect(await describeSchema(db.url)).toEqual(before)
    expect(await migrate(db.url)).toEqual({ applied: [] })
    await db.close()
  })

  it('refuses a database that is newer than the program', async () => {
    const db = await freshDatabase(dialect)
    const root = projectWith(dialect, { '20990101000000_fine': 'CREATE TABLE "Fine" ("id" TEXT);' })
    await migrate(db.url, { root })
    await expect(migrate(db.url)).rejects.toThrow(/newer than this version.*20990101000000_fine/)
    await db.close()
  })

  it('refuses a migration whose text changed after it was applied', async () => {
    const db = await freshDatabase(dialect)
    const root = projectWith(dialect, { [names[0] ?? '']: '-- edited' })
    await expect(migrate(db.url, { root })).rejects.toThrow(/Changed after they were applied: 00000000000001_init/)
    await db.close()
  })

  it('refuses a migration that slipped in before an applied one', async () => {
    const db = await freshDatabase(dialect)
    const root = projectWith(dialect, { '00000000000001_late': 'CREATE TABLE "Late" ("id" TEXT);' })
    await expect(migrate(db.url, { root })).rejects.toThrow(/Older than .*00000000000001_late/)
    await db.close()
  })

  it('finds the files from any folder', async () => {
    const db = await emptyDatabase(dialect)
    await expect(migrate(db.url, { root: tmpdir() })).rejects.toThrow(/No migrations found/)
    await db.close()
  })

  it('applies trigger bodies as they stand', async () => {
    const db = await freshDatabase(dialect)
    const trigger =
      dialect === 'sqlite'
        ? `CREATE TRIGGER "stop" BEFORE DELETE ON "Counter" BEGIN SELECT 1; SELECT RAISE(ABORT, 'no; never'); END;`
        : `CREATE FUNCTION "stop"() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RAISE EXCEPTION 'no; never'; END; $$;
           CREATE TRIGGER "stop" BEFORE DELETE ON "Counter" FOR EACH ROW EXECUTE FUNCTION "stop"();`
    const root = projectWith(dialect, { '20990101000000_stop': trigger })
    await migrate(db.url, { root })
    await rawQuery(db.url, `INSERT INTO "Counter" ("name") VALUES ('a')`)
    await expect(rawQuery(db.url, 'DELETE FROM "Counter"')).rejects.toThrow('no; never')
    await db.close()
  })
})

it('rebuilds an SQLite table without deleting what refers to it', async () => {
  const db = await freshDatabase('sqlite')
  const parts = (suffix: string) => `CREATE TABLE "${suffix}Parent" ("id" TEXT PRIMARY KEY)`
  const root = projectWith('sqlite', {
    '20990101000000_family': `${parts('')}; CREATE TABLE "Child" ("p" TEXT REFERENCES "Parent" ("id") ON DELETE CASCADE);
      INSERT INTO "Parent" VALUES ('a'); INSERT INTO "Child" VALUES ('a');`,
    '20990101000001_rebuild': `PRAGMA defer_foreign_keys=ON; PRAGMA foreign_keys=OFF; ${parts('new_')};
      INSERT INTO "new_Parent" SELECT "id" FROM "Parent"; DROP TABLE "Parent";
      ALTER TABLE "new_Parent" RENAME TO "Parent"; PRAGMA foreign_keys=ON; PRAGMA defer_foreign_keys=OFF;`,
  })
  await migrate(db.url, { root, upTo: '20990101000000_family' })
  await migrate(db.url, { root })
  expect(await rawQuery(db.url, 'SELECT "p" FROM "Child"')).toEqual([{ p: 'a' }])
  const orphan = projectWith('sqlite', {
    '20990101000000_orphan': `CREATE TABLE "P" ("id" TEXT PRIMARY KEY); CREATE TABLE "C" ("p" TEXT REFERENCES "P");
      INSERT INTO "C" VALUES ('nobody');`,
  })
  const other = await freshDatabase('sqlite')
  await expect(migrate(other.url, { root: orphan })).rejects.toThrow(/1 rows? without/)
  await Promise.all([db.close(), other.close()])
})

const factoryFor = (url: string): SqlMigrationAwareDriverAdapterFactory => {
  const target = targetOf(url)
  if (target.dialect === 'postgresql') return new PrismaPg({ connectionString: url })
  const factory = sqliteAdapter(openSqlite(target.path, { mode: 'write' }))
  return { ...factory, connectToShadowDb: () => Promise.reject(new Error('not needed')) }
}

describeEachDialect('the history', (dialect) => {
  it('is taken by Prisma for its own', async () => {
    const db = await freshDatabase(dialect)
    const engine = await openEngine(dialect, datasourceBlock(dialect), factoryFor(db.url))
    const folder = migrationsFolder(dialect)
    const diagnose = async (edited: string) => {
      const migrationDirectories = readMigrations(folder).map(({ name, sql }) => ({
        path: name,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql + edited } },
      }))
      const lockfile = { path: 'migration_lock.toml', content: `provider = "${dialect}"\n` }
      return engine.diagnoseMigrationHistory({
        migrationsList: { baseDir: folder, lockfile, shadowDbInitScript: '', migrationDirectories },
        optInToShadowDatabase: false,
        filters: { externalTables: [], externalEnums: [] },
      })
    }
    expect(await diagnose('')).toMatchObject({
      editedMigrationNames: [],
      failedMigrationNames: [],
      history: null,
      hasMigrationsTable: true,
    })
    expect((await diagnose('-- edited')).editedMigrationNames).toHaveLength(readMigrations(folder).length)
    await db.close()
  })
})
