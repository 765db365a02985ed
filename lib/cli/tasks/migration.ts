import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../../core/clock'
import { diffSchemas } from '../../core/migrate/engine'
import { lastSnapshot, migrationNames, migrationsFolder, SNAPSHOT } from '../../core/migrate/history'
import { DIALECTS, type Dialect, datasourceBlock, readModels, withDatasource } from '../../core/migrate/schema-source'

const USAGE = `Usage: npm run migration -- <name> [--id <14 digits>]
Writes prisma/<dialect>/migrations/<id>_<name> for both dialects from what changed in prisma/models.
To make an unreleased migration again, name it with its own --id.`

const timestamp = () => systemClock.now().toISOString().replace(/\D/g, '').slice(0, 14)

const lockFile = (dialect: Dialect) => `# Written by npm run migration. Keep it under version control.
provider = "${dialect}"
`

const plan = async (dialect: Dialect, folderName: string) => {
  const folder = migrationsFolder(dialect)
  const schema = withDatasource(dialect, readModels(process.cwd()))
  const before = lastSnapshot(folder, folderName) ?? datasourceBlock(dialect)
  return { dialect, folder, schema, sql: await diffSchemas(dialect, before, schema) }
}

const namesIn = (sql: string, pattern: RegExp) => [...sql.matchAll(pattern)].map(([, name]) => name)

const warningsOf = ({ dialect, sql }: { dialect: Dialect; sql: string }) => [
  ...namesIn(sql, /CREATE TABLE "new_(\w+)"/g).map(
    (name) => `${dialect}: rebuilds ${name}, which drops its triggers; make them again in a migration of their own`,
  ),
  ...namesIn(sql, /^DROP TABLE "(\w+)"/gm)
    .filter((name) => !sql.includes(`"new_${name}"`))
    .map((name) => `${dialect}: drops the table ${name} and its rows`),
  ...namesIn(sql, /DROP COLUMN "(\w+)"/g).map((name) => `${dialect}: drops the column ${name} and what it holds`),
]

const write = ({ dialect, folder, schema, sql }: Awaited<ReturnType<typeof plan>>, folderName: string) => {
  const home = join(folder, folderName)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(folder, 'migration_lock.toml'), lockFile(dialect))
  writeFileSync(join(home, 'migration.sql'), sql)
  writeFileSync(join(home, SNAPSHOT), schema)
  console.log(`wrote ${join('prisma', dialect, 'migrations', folderName, 'migration.sql')}`)
}

const main = async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { id: { type: 'string' } } })
  const id = values.id ?? timestamp()
  const [name] = positionals
  if (name === undefined || !/^[a-z0-9_]+$/.test(name) || !/^\d{14}$/.test(id)) throw new Error(USAGE)
  const folderName = `${id}_${name}`
  const existing = DIALECTS.flatMap((dialect) => migrationNames(migrationsFolder(dialect))).sort()
  const last = existing.at(-1) ?? ''
  if (folderName < last && !existing.includes(folderName)) throw new Error(`${folderName} would come before ${last}`)
  const plans = await Promise.all(DIALECTS.map((dialect) => plan(dialect, folderName)))
  if (plans.every(({ sql }) => sql === '')) return console.log('The models have not changed since the last migration.')
  for (const each of plans) write(each, folderName)
  for (const warning of plans.flatMap(warningsOf)) console.log(`! ${warning}`)
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
