import { afterEach, expect, it } from 'vitest'
import { installKernel, kernel } from '@/lib/core/kernel'
import { enqueue } from '@/lib/core/outbox'
import { systemDb } from '@/lib/core/system-db'
import { noteAudits } from '@/lib/core/testing/audit-seen'
import { describeEachDialect, emptyDatabase } from '@/lib/core/testing/database'
import { identityOf, scopeOf, testKernel } from '@/lib/core/testing/kernel'
import { boot } from './boot'

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

describeEachDialect('boot', (dialect) => {
  const fresh = async (env: Record<string, string> = {}) => {
    const database = await emptyDatabase(dialect)
    cleanUps.push(database.close)
    const start = (more: Record<string, string> = {}) => {
      const made = installKernel(
        testKernel(database.url, { env: { CLASPER_STATE_DIR: '.cache/test-state', ...env, ...more } }),
      )
      cleanUps.push(() => made.stop())
      return made
    }
    return { start }
  }
  const systemAudit = async () =>
    (await systemDb().auditEntry.findMany({ where: { tenantId: 'system' }, orderBy: { seq: 'asc' } })).map(
      (row) => [row.eventType, row.entityId, row.actor] as const,
    )

  it('makes an empty database ready, says so in the audit log, and says when it leaves', async () => {
    const { start } = await fresh()
    const first = start()
    const booted = await boot()
    expect(booted.shutdownMs).toBe(15_000)
    expect((await systemDb().tenant.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id)).toEqual([
      'default',
      'system',
    ])
    await booted.drain()
    await booted.stop()
    const second = start()
    await boot()
    expect(await systemAudit()).toEqual([
      ['system_startup', first.id, 'system:server'],
      ['system_shutdown', first.id, 'system:server'],
      ['system_startup', second.id, 'system:server'],
    ])
    await noteAudits()
  })

  it('the worker takes jobs of the present, and seals what was said', async () => {
    const { start } = await fresh()
    start()
    await boot()
    await scopeOf(identityOf('default')).mutate({ event: 'config_change' }, (db) =>
      enqueue(db, { kind: 'unknown', payload: {}, maxAttempts: 1 }),
    )
    const stateOf = async () => (await systemDb().job.findFirst({ where: { kind: 'unknown' } }))?.status
    await expect.poll(stateOf, { timeout: 10_000 }).toBe('dead')
    const sealed = () => systemDb().auditCheckpoint.count({ where: { tenantId: 'system' } })
    await expect.poll(sealed, { timeout: 10_000 }).toBeGreaterThan(0)
  })

  it('without the role worker it leaves jobs to others', async () => {
    const { start } = await fresh({ CLASPER_ROLES: 'web' })
    start()
    const booted = await boot()
    expect(kernel().bus.count('job-queued')).toBe(0)
    await booted.stop()
  })

  it('nothing goes on after the stop', async () => {
    const { start } = await fresh()
    const made = start()
    const booted = await boot()
    await booted.stop()
    expect(['committed', 'job-queued', 'event'].map((topic) => made.bus.count(topic as 'event'))).toEqual([0, 0, 0])
    expect(made.isStopping).toBe(true)
  })
})
