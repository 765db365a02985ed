import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialect } from './schema-source'

export type Migration = { name: string; sql: string; checksum: string }

export const SNAPSHOT = 'schema.prisma'
const NAME = /^\d{14}_[a-z0-9_]+$/

export const migrationsFolder = (dialect: Dialect, root?: string) =>
  join(/* turbopackIgnore: true */ root ?? process.cwd(), 'prisma', dialect, 'migrations')

export const migrationNames = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
        .map((entry) => entry.name)
        .sort()
    : []

export const readMigrations = (folder: string): Migration[] =>
  migrationNames(folder).map((name) => {
    const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })

/** The models as they were when the last migration before `name` was made, or null before the first. */
export const lastSnapshot = (folder: string, before = '99999999999999'): string | null => {
  const name = migrationNames(folder)
    .filter((candidate) => candidate < before && existsSync(join(folder, candidate, SNAPSHOT)))
    .at(-1)
  return name === undefined ? null : readFileSync(join(folder, name, SNAPSHOT), 'utf8')
}
