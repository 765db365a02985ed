import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { newBenchScope } from '../bench/bench-scope'

// Starts many audited writes at once and names each one on stdout as soon as it is acknowledged.
const [url = '', tenantId = '', prefix = '', count = '1000'] = process.argv.slice(2)
const { clock } = installKernel(createKernel({ env: newBenchScope.env(url), log: createLog('silent') }))
const scope = newBenchScope.scope(tenantId)
const now = clock.now()

const acknowledge = (id: string) => process.stdout.write(`${id}\n`)

const write = async (i: number): Promise<void> => {
  const id = `${prefix}-${i}`
  if (i % 4 === 0) {
    await scope.mutate({ event: 'workspace_change', entityId: id }, (db) =>
      db.workspace.create({ data: { tenantId: db.tenantId, id, name: id, createdAt: now } }),
    )
  } else {
    await scope.command({ audit: [{ event: 'workspace_change', entityId: id }] })
  }
  acknowledge(id)
}

await Promise.allSettled(Array.from({ length: Number(count) }, (_, i) => write(i)))
process.stdout.write('end\n')
await new Promise((resolve) => setTimeout(resolve, 60_000))
