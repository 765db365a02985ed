import { resolve } from 'node:path'
import { backupSqlite } from '@/lib/core/backup/backup'
import { BackupError } from '@/lib/core/backup/inspect'
import { dumpCommand } from '@/lib/core/backup/postgres-commands'
import { targetOf } from '@/lib/core/migrate/target'
import { type Command, DONE, FAILED, type Terminal, UsageError } from '../command'
import { databaseUrl } from '../database-url'
import { parseFlags } from '../flags'
import { showInspection } from './show-inspection'

const run = (file: string, json: boolean, { out, err }: Terminal): number => {
  const target = targetOf(databaseUrl())
  if (target.dialect === 'postgresql') {
    err(`This database is PostgreSQL, which brings its own tool. Run:\n  ${dumpCommand(file)}`)
    return FAILED
  }
  try {
    const report = backupSqlite(target.path, file)
    if (json) out(JSON.stringify({ ok: true, ...report }))
    else for (const line of [`Backed up ${target.path} to ${report.file}`, ...showInspection(report)]) out(line)
    return DONE
  } catch (error) {
    if (!(error instanceof BackupError)) throw error
    if (json) out(JSON.stringify({ ok: false, error: error.message }))
    else err(error.message)
    return FAILED
  }
}

export const backup: Command = {
  name: 'backup',
  usage: 'clasper backup <file> [--json]',
  summary: 'copy the SQLite database while it is in use, and verify the copy',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, { json: 'boolean' }, 1)
    const [file] = positionals
    if (file === undefined) throw new UsageError('Say where to: clasper backup <file>')
    return run(resolve(terminal.cwd, file), flags.json, terminal)
  },
}
