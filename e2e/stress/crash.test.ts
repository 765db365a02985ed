import { afterAll, expect, it } from 'vitest'
import { createKernel, installKernel, kernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect, freshDatabase, type TestDatabase } from '@/lib/core/testing/database'
import { verifyAudit } from '@/lib/governance'
import { newBenchScope } from '../bench/bench-scope'
import { killWriter } from './killed-writer'

const ROUNDS = Number(process.env['STRESS_ROUNDS'] ?? 2)
const WRITES = 1_000

const openOn = (url: string) => installKernel(createKernel({ env: newBenchScope.env(url), log: createLog('silent') }))

const addTenant = (id: string) =>
  kernel().db.writer.transaction(null, (tx) =>
    tx.client.tenant.create({ data: { id, name: id, createdAt: kernel().clock.now() } }),
  )

const proofOf = async (tenantId: string) => {
  const scope = newBenchScope.scope(tenantId)
  const entries = await systemDb().auditEntry.findMany({ where: { tenantId }, select: { entityId: true, seq: true } })
  const workspaces = await systemDb().workspace.findMany({ where: { tenantId }, select: { id: true } })
  return { verification: await verifyAudit(scope), entries, workspaces: new Set(workspaces.map((row) => row.id)) }
}

const isMutation = (id: string): boolean => Number(id.split('-')[1]) % 4 === 0

describeEachDialect('a writer that is killed', (dialect) => {
  const open: TestDatabase[] = []
  afterAll(() => Promise.all(open.map((database) => database.close())))

  it(`keeps every acknowledged write, ${ROUNDS} times`, { timeout: 60_000 + ROUNDS * 30_000 }, async () => {
    const database = await freshDatabase(dialect)
    open.push(database)
    const first = openOn(database.url)
    await addTenant('crash')
    await first.stop()
    const acknowledged: string[] = []
    let cutShort = 0
    for (let round = 0; round < ROUNDS; round++) {
      const killed = await killWriter(
        { url: database.url, tenantId: 'crash', prefix: `r${round}`, count: WRITES },
        20 + Math.random() * 200,
      )
      acknowledged.push(...killed.acknowledged)
      if (!killed.finished) cutShort++
    }
    const { stop } = openOn(database.url)
    const { verification, entries, workspaces } = await proofOf('crash')
    await stop()
    const stored = new Set(entries.map((row) => row.entityId))
    expect(verification.failures).toEqual([])
    expect(verification.checked).toBe(entries.length)
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    expect(acknowledged.filter((id) => isMutation(id) && !workspaces.has(id))).toEqual([])
    expect([...workspaces].filter((id) => !stored.has(id))).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(0)
    if (ROUNDS >= 10) expect(cutShort).toBeGreaterThan(0)
  })

  it('has exact sums when two processes write to one database', { timeout: 60_000 }, async () => {
    const database = await freshDatabase(dialect)
    open.push(database)
    const { stop } = openOn(database.url)
    await addTenant('pair')
    const writers = ['a', 'b'].map((prefix) =>
      killWriter({ url: database.url, tenantId: 'pair', prefix, count: WRITES }, null),
    )
    const [a, b] = await Promise.all(writers)
    const { verification, entries } = await proofOf('pair')
    await stop()
    expect(a?.acknowledged.length).toBe(WRITES)
    expect(b?.acknowledged.length).toBe(WRITES)
    expect(verification.failures).toEqual([])
    expect(entries.length).toBe(2 * WRITES)
    expect(Math.max(...entries.map((row) => Number(row.seq)))).toBe(2 * WRITES)
  })
})
