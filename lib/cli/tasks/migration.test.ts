import { execFile } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, inject, it } from 'vitest'
import { migrate } from '@/lib/core/migrate/migrate'
import { describeEachDialect, freshDatabase } from '@/lib/core/testing/database'
import { describeSchema } from '@/lib/core/testing/describe-schema'

const exec = promisify(execFile)
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const program = join(process.cwd(), 'lib/cli/tasks/migration.ts')

const project = () => {
  const root = mkdtempSync(join(inject('runFolder'), 'models-'))
  cpSync('prisma', join(root, 'prisma'), { recursive: true })
  return root
}

const make = async (root: string, ...args: string[]) => {
  const run = exec(process.execPath, ['--import', tsx, program, ...args], { cwd: root })
  return run.then(({ stdout }) => stdout).catch((error: { stderr: string }) => error.stderr)
}

const tenancy = (root: string) => join(root, 'prisma/models/tenancy.prisma')
const addModel = (root: string) =>
  appendFileSync(tenancy(root), '\nmodel Extra {\n  id String @id\n  kind String @default("a")\n}\n')

describeEachDialect('npm run migration', (dialect) => {
  it('writes a migration that brings databases to the new models, and only once', async () => {
    const [root, db] = [project(), await freshDatabase(dialect)]
    addModel(root)
    expect(await make(root, 'add_extra', '--id', '20990101000000')).toContain(
      `prisma/${dialect}/migrations/20990101000000_add_extra`,
    )
    expect(await make(root, 'again', '--id', '20990101000001')).toContain('have not changed')
    expect(await migrate(db.url, { root })).toEqual({ applied: ['20990101000000_add_extra'] })
    expect((await describeSchema(db.url)).tables).toHaveProperty('Extra')
    await db.close()
  })
})

it('starts from the last snapshot, warns of what is lost, and gives both dialects one name', async () => {
  const root = project()
  addModel(root)
  await make(root, 'add_extra', '--id', '20990101000000')
  writeFileSync(tenancy(root), readFileSync(tenancy(root), 'utf8').replace('  kind String @default("a")\n', ''))
  const output = await make(root, 'drop_kind', '--id', '20990101000001')
  expect(output).toContain('! sqlite: rebuilds Extra')
  expect(output).toContain('! postgresql: drops the column kind')
  for (const dialect of ['sqlite', 'postgresql']) {
    const sql = readFileSync(join(root, `prisma/${dialect}/migrations/20990101000001_drop_kind/migration.sql`), 'utf8')
    expect(sql).toContain('"Extra"')
    expect(sql).not.toContain('"AuditEntry"')
  }
})

it('refuses to slip in before a migration that others may have applied', async () => {
  const root = project()
  addModel(root)
  expect(await make(root, 'early', '--id', '00000000000001')).toContain('00000000000001_early would come before')
})

it('explains itself when the name is missing or wrong', async () => {
  const root = project()
  expect(await make(root)).toContain('Usage: npm run migration')
  expect(await make(root, 'Not A Name')).toContain('Usage: npm run migration')
})
