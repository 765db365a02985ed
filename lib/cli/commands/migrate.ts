import { migrate as bringUpToDate } from '@/lib/core/migrate/migrate'
import { MigrationError } from '@/lib/core/migrate/pending'
import { appRoot } from '../app-root'
import { type Command, DONE, FAILED, type Terminal } from '../command'
import { databaseUrl } from '../database-url'
import { parseFlags } from '../flags'

const run = async (json: boolean, { out, err }: Terminal): Promise<number> => {
  try {
    const { applied } = await bringUpToDate(databaseUrl(), { root: appRoot() })
    if (json) out(JSON.stringify({ ok: true, applied }))
    else if (applied.length === 0) out('The database is up to date.')
    else for (const name of applied) out(`applied ${name}`)
    return DONE
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error
    if (json) out(JSON.stringify({ ok: false, error: error.message }))
    else err(error.message)
    return FAILED
  }
}

export const migrate: Command = {
  name: 'migrate',
  usage: 'clasper migrate [--json]',
  summary: 'bring the database to this version; safe beside running servers, all or nothing',
  run: (args, terminal) => run(parseFlags(args, { json: 'boolean' }).flags.json, terminal),
}
