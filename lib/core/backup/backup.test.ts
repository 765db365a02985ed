import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, inject, it } from 'vitest'
import type { AuditEvent } from '../audit-events'
import { fixedClock } from '../clock'
import { migrationNames, migrationsFolder } from '../migrate/history'
import { migrate } from '../migrate/migrate'
import { openSqlite } from '../sqlite/open'
import { type AuditedWriter, startAuditedWriter } from '../testing/audited-writer'
import { emptyDatabase, freshDatabase } from '../testing/database'
import { backupSqlite } from './backup'
import { inspect } from './inspect'
import { restoreSqlite } from './restore'

const exec = promisify(execFile)
const clock = fixedClock(new Date('2026-03-01T10:00:00.000Z'))
const EVENT: AuditEvent = 'tool_call_succeeded'
const writers: AuditedWriter[] = []
const place = { next: 0 }

const newPath = () => join(inject('runFolder'), `backup-${process.pid}-${place.next++}.db`)
const freshPath = async () => (await freshDatabase('sqlite')).url.slice('file:'.length)

const writing = async (path: string, tenantId = 'a', count = 5) => {
  const writer = startAuditedWriter(path, tenantId, EVENT)
  writers.push(writer)
  await writer.reached(count)
  return writer
}

const written = async (count = 20) => {
  const path = await freshPath()
  await (await writing(path, 'a', count)).kill()
  return path
}

// libsql closes a file only when its statements are collected, so what needs the file alone runs in its own process.
const clasper = async (path: string, ...args: string[]) => {
  const program = ['--conditions=react-server', '--import', 'tsx', 'lib/cli/main.ts', ...args, '--json']
  const env = { ...process.env, CLASPER_DB_PATH: path, DATABASE_URL: '' }
  const refused = (error: { stdout: string; stderr: string }) => error
  const { stdout, stderr } = await exec(process.execPath, program, { env }).catch(refused)
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as { ok: boolean; error?: string; keptAside?: string; heads?: unknown[] }
}

const counterOf = (path: string, name: string) => {
  const db = openSqlite(path, { mode: 'read' })
  const rows = db.prepare('SELECT "value" AS value FROM "Counter" WHERE "name" = ?').all(name) as { value: number }[]
  db.close()
  return rows[0]?.value ?? 0
}

afterEach(async () => {
  for (const writer of writers.splice(0)) await writer.kill()
})

it('copies one consistent moment while others write, and loses nothing acknowledged before it', async () => {
  const path = await freshPath()
  const running = [await writing(path, 'a'), await writing(path, 'b')]
  for (let round = 0; round < 3; round++) {
    const before = running.map((writer) => writer.acknowledged())
    const report = backupSqlite(path, newPath())
    expect(report.heads.map(({ tenantId }) => tenantId)).toEqual(['a', 'b'])
    report.heads.forEach(({ tenantId, size }, at) => {
      expect(Number(size)).toBeGreaterThanOrEqual(before[at] ?? 0)
      expect(counterOf(report.file, tenantId)).toBe(size)
    })
    expect(report.tables['AuditEntry']).toBe(report.heads.reduce((sum, { size }) => sum + Number(size), 0))
    await Promise.all(running.map((writer) => writer.reached(writer.acknowledged() + 5)))
  }
})

it('writes one private file, never over another, and nothing when there is nothing to copy', async () => {
  const path = await written()
  const { file } = backupSqlite(path, newPath())
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(['-wal', '-shm', '-journal', '.partial'].filter((end) => existsSync(file + end))).toEqual([])
  expect(() => backupSqlite(path, file)).toThrow(/exists already/)
  expect(() => backupSqlite(newPath(), newPath())).toThrow(/no database/)
})

it('restores what was backed up and keeps what was there', async () => {
  const path = await written()
  const file = newPath()
  const { heads = [] } = await clasper(path, 'backup', file)
  const bytes = readFileSync(file)
  const size = counterOf(file, 'a')
  await (await writing(path, 'a', size + 10)).kill()
  const report = await clasper(path, 'restore', file)
  expect(report).toMatchObject({ ok: true, heads, keptAside: expect.stringContaining(`${path}.before-restore-`) })
  expect(counterOf(path, 'a')).toBe(size)
  expect(inspect(path).heads).toEqual(heads)
  expect(counterOf(report.keptAside ?? '', 'a')).toBeGreaterThanOrEqual(size + 10)
  expect(inspect(report.keptAside ?? '').heads[0]?.size).toBe(counterOf(report.keptAside ?? '', 'a'))
  expect(readFileSync(file).equals(bytes)).toBe(true)
  await (await writing(path, 'a', size + 3)).kill()
})

it('refuses while a server holds the database, disturbs nothing, and works once the server was killed', async () => {
  const path = await written()
  const file = newPath()
  await clasper(path, 'backup', file)
  const server = await writing(path, 'a', 30)
  expect(await clasper(path, 'restore', file)).toMatchObject({
    ok: false,
    error: expect.stringContaining('Stop the server'),
  })
  await server.reached(server.acknowledged() + 5)
  await server.kill()
  const report = await clasper(path, 'restore', file)
  expect(counterOf(report.keptAside ?? '', 'a')).toBeGreaterThanOrEqual(server.acknowledged())
  expect(counterOf(path, 'a')).toBe(counterOf(file, 'a'))
})

it('ends every session of the time of the backup', async () => {
  const path = await freshPath()
  const db = openSqlite(path, { mode: 'write' })
  db.exec(`INSERT INTO "OpsSession" ("tenantId", "id", "idHash", "issuer", "sub", "userId", "activeTenantId", "allowedTenants", "roles",
    "createdAt", "lastSeenAt", "expiresAt", "idleExpiresAt", "recheckAt") VALUES ('a', 'a', 'a', 'a', 'a', 'a', 'a', '[]', '[]', 1, 1, 1, 1, 1)`)
  db.close()
  const { file } = backupSqlite(path, newPath())
  const target = newPath()
  restoreSqlite({ backup: file, target, clock })
  const restored = openSqlite(target, { mode: 'read' })
  expect(restored.prepare('SELECT "revokedAt" AS at, "revokeReason" AS why FROM "OpsSession"').all()).toEqual([
    { at: '2026-03-01T10:00:00.000+00:00', why: 'restored' },
  ])
  restored.close()
})

it('restores over a ruined file and into an empty place', async () => {
  const { file, heads } = backupSqlite(await written(), newPath())
  const ruined = newPath()
  writeFileSync(ruined, 'this was a database once'.repeat(500))
  const { keptAside } = restoreSqlite({ backup: file, target: ruined, clock })
  expect(readFileSync(keptAside ?? '', 'utf8')).toContain('this was a database once')
  expect(inspect(ruined).heads).toEqual(heads)
  const fresh = newPath()
  expect(restoreSqlite({ backup: file, target: fresh, clock })).toMatchObject({ keptAside: null, migrationsToCome: [] })
  expect(inspect(fresh).heads).toEqual(heads)
})

it('says which migrations an older backup still needs', async () => {
  const [first = '', ...others] = migrationNames(migrationsFolder('sqlite'))
  const old = await emptyDatabase('sqlite')
  await migrate(old.url, { upTo: first })
  const { file } = backupSqlite(old.url.slice('file:'.length), newPath())
  const target = newPath()
  expect(restoreSqlite({ backup: file, target, clock }).migrationsToCome).toEqual(others)
  expect(await migrate(`file:${target}`)).toEqual({ applied: others })
})

const spoiled: [string, (path: string) => void, RegExp][] = [
  ['cut short', (path) => truncateSync(path, statSync(path).size - 4096), /damaged|not a readable/],
  ['overwritten in the middle', (path) => overwriteMiddle(path), /damaged|not a readable/],
  ['no database', (path) => writeFileSync(path, 'x'.repeat(9000)), /not a readable database/],
  ['of another program', (path) => run(path, 'DROP TABLE "_prisma_migrations"'), /not a database of Clasper/],
  ['of a newer version', (path) => run(path, NEWER), /newer than this version/],
  [
    'missing its last audit entry',
    (path) => run(path, without('= (SELECT MAX("seq") FROM "AuditEntry")')),
    /audit proof/,
  ],
  ['missing an audit entry in the middle', (path) => run(path, without('= 3')), /audit proof/],
  ['missing a head', (path) => run(path, `${unlocked} DELETE FROM "AuditHead"`), /entries without a head/],
]

const unlocked = ['audit_entry_delete', 'audit_head_delete'].map((name) => `DROP TRIGGER "${name}";`).join(' ')
const without = (which: string) => `${unlocked} DELETE FROM "AuditEntry" WHERE "seq" ${which}`
const NEWER = `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name")
  VALUES ('n', 'n', 1, '29990101000000_later')`

const run = (path: string, statement: string) => {
  const db = openSqlite(path, { mode: 'write' })
  db.exec(statement)
  db.exec('PRAGMA journal_mode = DELETE')
  db.close()
}

const overwriteMiddle = (path: string) => {
  const bytes = readFileSync(path)
  bytes.fill(0x5a, 4096, bytes.length - 4096)
  writeFileSync(path, bytes)
}

it.each(spoiled)('refuses a backup that is %s, and leaves the database alone', async (_, spoil, reason) => {
  const path = await written()
  const { file } = backupSqlite(path, newPath())
  const copy = newPath()
  writeFileSync(copy, readFileSync(file))
  spoil(copy)
  const target = newPath()
  writeFileSync(target, readFileSync(file))
  expect(() => restoreSqlite({ backup: copy, target, clock })).toThrow(reason)
  expect(readFileSync(target).equals(readFileSync(file))).toBe(true)
  expect(['.incoming', '.incoming-wal', '.incoming-shm'].filter((end) => existsSync(target + end))).toEqual([])
})
