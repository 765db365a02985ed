import { resolve } from 'node:path'
import { BackupError } from '@/lib/core/backup/inspect'
import { restoreCommand } from '@/lib/core/backup/postgres-commands'
import { type RestoreReport, restoreSqlite } from '@/lib/core/backup/restore'
import { systemClock } from '@/lib/core/clock'
import { MigrationError } from '@/lib/core/migrate/pending'
import { targetOf } from '@/lib/core/migrate/target'
import { appRoot } from '../app-root'
import { type Command, DONE, FAILED, type Terminal, UsageError } from '../command'
import { databaseUrl } from '../database-url'
import { parseFlags } from '../flags'
import { showInspection } from './show-inspection'

const told = (report: RestoreReport): string[] => [
  `Restored ${report.file}`,
  ...showInspection(report),
  ...(report.keptAside === null ? [] : [`The database that was there is kept as ${report.keptAside}`]),
  ...report.migrationsToCome.map((name) => `The next start will apply ${name}`),
  'Everyone has to sign in again. API keys are as they were at the time of the backup: revoke again what you revoked since.',
]

const run = (file: string, json: boolean, { out, err }: Terminal): number => {
  const target = targetOf(databaseUrl())
  if (target.dialect === 'postgresql') {
    err(
      `This database is PostgreSQL, which brings its own tool. Stop every instance, then run:\n  ${restoreCommand(file)}`,
    )
    return FAILED
  }
  try {
    const report = restoreSqlite({ backup: file, target: target.path, clock: systemClock, root: appRoot() })
    if (json) out(JSON.stringify({ ok: true, ...report }))
    else for (const line of told(report)) out(line)
    return DONE
  } catch (error) {
    if (!(error instanceof BackupError || error instanceof MigrationError)) throw error
    if (json) out(JSON.stringify({ ok: false, error: error.message }))
    else err(error.message)
    return FAILED
  }
}

export const restore: Command = {
  name: 'restore',
  usage: 'clasper restore <file> [--json]',
  summary: 'verify a backup and put it in the place of the SQLite database; the server must be stopped',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, { json: 'boolean' }, 1)
    const [file] = positionals
    if (file === undefined) throw new UsageError('Say which backup: clasper restore <file>')
    return run(resolve(terminal.cwd, file), flags.json, terminal)
  },
}
