import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appendAudit } from '@/lib/core/audit/append-sqlite'
import { verifyInclusion } from '@/lib/core/audit/verify-proof'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { migrate } from '@/lib/core/migrate/migrate'
import { openSqlite } from '@/lib/core/sqlite/open'
import { proveConsistency, proveInclusion, verifyAudit } from '@/lib/governance'
import { newBenchScope } from './bench-scope'
import { rowOf, sample, table } from './measure'

// Proofs and verification of a large log on SQLite: npm run bench -- audit-proof [events]
const SIZE = Number(process.argv[2] ?? 1_000_000)
const BATCH = 5_000
const PROOFS = 2_000
const folder = mkdtempSync(join(tmpdir(), 'clasper-bench-'))
const path = join(folder, 'bench.db')
await migrate(`file:${path}`)
const kernel = installKernel(createKernel({ env: newBenchScope.env(`file:${path}`), log: createLog('silent') }))
const scope = newBenchScope.scope('bench')

const seed = async () => {
  const db = openSqlite(path, { mode: 'write' })
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000')
  for (let at = 0; at < SIZE; at += BATCH) {
    const drafts = Array.from({ length: Math.min(BATCH, SIZE - at) }, (_, i) => ({
      event: 'config_change' as const,
      actor: `user:${i % 100}`,
      userId: `${i % 100}`,
      entityId: `entity-${at + i}`,
      requestId: '0193f0a0-0000-7000-8000-000000000000',
      data: { kind: 'seed', n: at + i, text: 'what changed, in a few words' },
    }))
    db.exec('BEGIN IMMEDIATE')
    appendAudit(db, 'bench', drafts, kernel.clock.now())
    db.exec('COMMIT')
  }
  db.close()
}

const places = Array.from({ length: PROOFS }, (_, i) => 1 + ((i * 7_919_993) % SIZE))

const prove = async () => {
  for (const seq of places) {
    const { path: proof, leaf_hash: leaf, root_hash: root } = await proveInclusion(scope, seq)
    if (!verifyInclusion({ leaf, index: seq - 1, size: SIZE, proof, root })) throw new Error(`no proof of ${seq}`)
  }
}

const compare = async () => {
  for (const from of places) await proveConsistency(scope, from)
}

const seeded = await sample('append in batches (seeding)', SIZE, seed)
await proveInclusion(scope, 1)
const inclusion = await sample(`inclusion proof in ${SIZE} events`, PROOFS, prove)
const consistency = await sample(`consistency proof in ${SIZE} events`, PROOFS, compare)
let payloadMs = 0
const verified = await sample('verification', SIZE, async () => {
  const report = await verifyAudit(scope)
  payloadMs = report.payload_duration_ms
  if (!report.ok || report.checked !== SIZE) throw new Error('the log does not verify')
})
const chain = { ...verified, name: 'of it: rows, chain, tree, nodes', seconds: verified.seconds - payloadMs / 1000 }
const payloads = { ...verified, name: 'of it: payload commitments', seconds: payloadMs / 1000 }
console.log(table(['audit log', 'per second', 'CPU µs each'], [seeded, inclusion, consistency, verified].map(rowOf)))
console.log(
  table(
    ['part of the verification', 'per second'],
    [chain, payloads].map((part) => rowOf(part).slice(0, 2)),
  ),
)
await kernel.stop()
rmSync(folder, { recursive: true, force: true })
