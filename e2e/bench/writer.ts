import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { migrate } from '@/lib/core/migrate/migrate'
import { newBenchScope } from './bench-scope'
import { inParallel, rowOf, sample, table } from './measure'

// Audited writes through the two doors of the writer, on an SQLite file with full durability.
const folder = mkdtempSync(join(tmpdir(), 'clasper-bench-'))
const url = process.argv[2] ?? `file:${join(folder, 'bench.db')}`
await migrate(url)
const kernel = installKernel(createKernel({ env: newBenchScope.env(url), log: createLog('silent') }))
const scope = newBenchScope.scope('bench')
const now = kernel.clock.now()

const append = (count: number, callers: number) =>
  sample(`command, ${callers} callers`, count, () =>
    inParallel(callers, count, (i) =>
      scope.command({ audit: [{ event: 'config_change', entityId: `e${i}`, data: { kind: 'bench', n: i } }] }),
    ),
  )

const mutate = (count: number, callers: number) =>
  sample(`mutate, ${callers} callers`, count, () =>
    inParallel(callers, count, (i) =>
      scope.mutate({ event: 'config_change', entityId: `w${i}` }, (db) =>
        db.workspace.upsert({
          where: { tenantId_id: { tenantId: db.tenantId, id: `w${i % 50}` } },
          create: { tenantId: db.tenantId, id: `w${i % 50}`, name: 'w', createdAt: now },
          update: { name: `w${i}` },
        }),
      ),
    ),
  )

await kernel.db.writer.transaction(null, (tx) =>
  tx.client.tenant.create({ data: { id: 'bench', name: 'Bench', createdAt: now } }),
)
await append(2_000, 64)
await mutate(300, 8)
const samples = [await append(20_000, 64), await append(3_000, 1), await mutate(2_000, 16), await mutate(1_000, 1)]
console.log(table(['audited write', 'per second', 'CPU µs each'], samples.map(rowOf)))
await kernel.stop()
rmSync(folder, { recursive: true, force: true })
