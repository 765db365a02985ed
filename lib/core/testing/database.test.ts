import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { targetOf } from '../migrate/target'
import { describeEachDialect, emptyDatabase, freshDatabase, type TestDatabase } from './database'
import { rawQuery } from './raw-query'

const ask = ({ url }: TestDatabase, statement: string) => rawQuery(url, statement)

const addTenant = `INSERT INTO "Tenant" ("id", "name", "createdAt") VALUES ('a', 'A', '2026-01-01T00:00:00.000+00:00')`

describeEachDialect('a test database', (dialect) => {
  it('is migrated and belongs to one test', async () => {
    const [one, two] = await Promise.all([freshDatabase(dialect), freshDatabase(dialect)])
    await ask(one, addTenant)
    expect(await ask(one, 'SELECT "id" FROM "Tenant"')).toEqual([{ id: 'a' }])
    expect(await ask(two, 'SELECT "id" FROM "Tenant"')).toEqual([])
    await Promise.all([one.close(), two.close()])
    const target = targetOf(one.url)
    if (target.dialect === 'sqlite') expect(existsSync(target.path)).toBe(false)
    else await expect(ask(one, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' })
  })

  it('can be empty', async () => {
    const db = await emptyDatabase(dialect)
    await expect(ask(db, 'SELECT "id" FROM "Tenant"')).rejects.toThrow(/Tenant/)
    await db.close()
  })
})
