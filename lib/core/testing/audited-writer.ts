import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { AuditEvent } from '../audit-events'

const SCRIPT = `
import { appendAudit } from './lib/core/audit/append-sqlite'
import { openSqlite } from './lib/core/sqlite/open'
const [path, tenantId] = process.argv.slice(1)
const db = openSqlite(path, { mode: 'write' })
const count = db.prepare('INSERT INTO "Counter" ("name", "value") VALUES (?, 1) ON CONFLICT ("name") DO UPDATE SET "value" = "value" + 1')
for (;;) {
  db.exec('BEGIN IMMEDIATE')
  count.run(tenantId)
  const { lastSeq } = appendAudit(db, tenantId, [{ event: process.argv[3], actor: 'test' }], new Date())
  db.exec('COMMIT')
  process.stdout.write(lastSeq + '\\n')
  await new Promise((resolve) => setImmediate(resolve))
}`

export type AuditedWriter = {
  acknowledged: () => number
  reached: (count: number) => Promise<void>
  kill: () => Promise<void>
}

const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

/** A process that writes audited rows as fast as it can and says after each that it is on the disk. */
export const startAuditedWriter = (path: string, tenantId: string, event: AuditEvent): AuditedWriter => {
  const args = ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '--eval', SCRIPT]
  const child = spawn(process.execPath, [...args, path, tenantId, event], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const seen = { last: 0, over: false }
  lines.on('line', (line) => {
    seen.last = Number(line)
  })
  lines.on('close', () => {
    seen.over = true
  })
  return {
    acknowledged: () => seen.last,
    reached: (count) =>
      new Promise((resolve, reject) => {
        const settle = () => {
          if (seen.last < count && !seen.over) return
          lines.off('line', settle)
          if (seen.last >= count) resolve()
          else reject(new Error(`The writer ended after ${seen.last} rows`))
        }
        lines.on('line', settle).once('close', settle)
        settle()
      }),
    kill: async () => {
      if (ended(child)) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
