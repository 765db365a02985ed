import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { migrate } from '@/lib/core/migrate/migrate'
import { overview } from '@/lib/jobs'
import { newBenchScope } from './bench-scope'
import { table } from './measure'
import { seedTraces } from './traces-seed'

// The overview with so many traces, two audit rows for each, and a change among every ten thousand of them.
const SIZES = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number)
const CALLS = 40
const NOW = Math.floor(Date.now() / 1000)

const AUDITS = `WITH RECURSIVE c(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM c WHERE n + 1 < ?)
  INSERT INTO "AuditEntry" ("tenantId", "seq", "eventType", "actor", "entityId", "createdAt", "eventHash", "leafHash",
    "canonical")
  SELECT 'default', n + 1, CASE WHEN n % 10000 = 0 THEN 'config_change' WHEN n % 2 = 0 THEN 'agent_execution_started'
    ELSE 'agent_execution_completed' END, 'service:bench', 'w/e' || n,
    strftime('%Y-%m-%dT%H:%M:%S', ${NOW} - (? - n), 'unixepoch') || '.000+00:00', printf('%064x', n),
    printf('%064x', n), '' FROM c`
const PAYLOADS = `INSERT INTO "AuditPayload" ("tenantId", "seq", "salt", "data")
  SELECT "tenantId", "seq", '', '{"kind":"environment","environment":"e"}' FROM "AuditEntry"
  WHERE "eventType" = 'config_change' AND "seq" > ? AND "seq" <= ?`
const HEAD = `INSERT OR REPLACE INTO "AuditHead" ("tenantId", "size", "updatedAt") VALUES ('default', ?, '2026-01-01T00:00:00.000+00:00')`
const SEALED = `INSERT INTO "AuditCheckpoint" ("tenantId", "size", "rootHash", "headHash", "note", "keyId", "createdAt")
  VALUES ('default', ?, '', '', '', '', '2026-01-01T00:00:00.000+00:00')`

const seedAudits = (file: string, from: number, to: number, most: number): void => {
  const db = new Database(file)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
  db.prepare(AUDITS).run(from, to, most)
  db.prepare(PAYLOADS).run(from, to)
  db.prepare(HEAD).run(to)
  db.prepare(SEALED).run(to)
  db.exec('ANALYZE')
  db.close()
}

const measure = async (url: string): Promise<number[]> => {
  const kernel = installKernel(createKernel({ env: newBenchScope.env(url), log: createLog('silent') }))
  const scope = newBenchScope.scope('default')
  const times: number[] = []
  const cpu = process.cpuUsage()
  for (let call = 0; call < CALLS; call++) {
    const began = performance.now()
    await overview(scope)
    times.push(performance.now() - began)
  }
  const { user, system } = process.cpuUsage(cpu)
  await kernel.stop()
  const sorted = times.sort((a, b) => a - b)
  return [sorted[Math.floor(CALLS / 2)] ?? 0, sorted[Math.floor(CALLS * 0.95)] ?? 0, (user + system) / 1000 / CALLS]
}

const folder = mkdtempSync(join(tmpdir(), 'clasper-overview-'))
const file = join(folder, 'bench.db')
const url = `file:${file}`
await migrate(url)
const rows: (string | number)[][] = []
let seeded = 0
for (const size of SIZES) {
  seedTraces(file, seeded, size)
  seedAudits(file, 2 * seeded, 2 * size, 2 * Math.max(...SIZES))
  seeded = size
  const [p50 = 0, p95 = 0, cpu = 0] = await measure(url)
  rows.push([size, 2 * size, p50.toFixed(1), p95.toFixed(1), cpu.toFixed(1)])
}
rmSync(folder, { recursive: true, force: true })
console.log(table(['traces', 'audit rows', 'p50 ms', 'p95 ms', 'CPU ms a call'], rows))
