import { migratePostgres } from './apply-postgres'
import { migrateSqlite } from './apply-sqlite'
import { migrationsFolder, readMigrations } from './history'
import { MigrationError } from './pending'
import { targetOf } from './target'

export type MigrateOptions = {
  /** The folder that holds `prisma/`; the working directory if not given. */
  root?: string
  /** Stop after this migration. For tests of upgrades. */
  upTo?: string
}

/** Brings a database to the newest migration. Idempotent, safe beside other processes, all or nothing. */
export const migrate = async (url: string, { root, upTo }: MigrateOptions = {}): Promise<{ applied: string[] }> => {
  const target = targetOf(url)
  const folder = migrationsFolder(target.dialect, root)
  const all = readMigrations(folder)
  if (all.length === 0) throw new MigrationError(`No migrations found in ${folder}`)
  const known = upTo === undefined ? all : all.filter(({ name }) => name <= upTo)
  const applied =
    target.dialect === 'sqlite' ? migrateSqlite(target.path, known) : await migratePostgres(target.url, known)
  return { applied }
}
