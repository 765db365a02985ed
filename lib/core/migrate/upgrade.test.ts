import { describe, expect, it } from 'vitest'
import { describeEachDialect, emptyDatabase, freshDatabase } from '../testing/database'
import { describeSchema } from '../testing/describe-schema'
import type { RawRow } from '../testing/raw-query'
import { insertSampleRows, readRows } from '../testing/sample-rows'
import { migrationNames, migrationsFolder } from './history'
import { migrate } from './migrate'

const survives = (before: RawRow[], after: RawRow[] | undefined) => {
  expect(after).toHaveLength(before.length)
  before.forEach((row, at) => {
    const kept = Object.keys(row).filter((name) => name in (after?.[at] ?? {}))
    expect(kept.length).toBeGreaterThan(0)
    for (const name of kept) expect(after?.[at]?.[name], name).toEqual(row[name])
  })
}

describeEachDialect('upgrading', (dialect) => {
  const names = migrationNames(migrationsFolder(dialect))

  it('has steps to test', () => expect(names.length).toBeGreaterThan(1))

  describe.each(names.slice(0, -1))('from %s', (older) => {
    it('keeps every row and ends at the same schema as a fresh database', async () => {
      const [db, fresh] = await Promise.all([emptyDatabase(dialect), freshDatabase(dialect)])
      await migrate(db.url, { upTo: older })
      const tables = await insertSampleRows(db.url)
      expect(tables).toContain('AuditEntry')
      const before = await readRows(db.url, tables)
      expect(await migrate(db.url)).toEqual({ applied: names.filter((name) => name > older) })
      const after = await readRows(db.url, tables)
      for (const table of tables) survives(before[table] ?? [], after[table])
      expect(await describeSchema(db.url)).toEqual(await describeSchema(fresh.url))
      await Promise.all([db.close(), fresh.close()])
    })
  })
})
