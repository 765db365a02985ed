import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { emit, enqueue } from '@/lib/core/outbox'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { JOBS } from './registry'
import { enqueueDue } from './schedule'
import { enqueueSlot, ensureTenants } from './store'
import { createWorker } from './worker'

const DAY_MS = 86_400_000
const clock = fixedClock(new Date('2026-03-01T12:00:10Z'))

const session = (tenantId: string, id: string, expiresAt: Date) => ({
  tenantId,
  id,
  idHash: `${tenantId}/${id}`,
  issuer: 'https://idp.example',
  sub: 'somebody',
  userId: 'somebody',
  activeTenantId: tenantId,
  allowedTenants: [],
  roles: [],
  createdAt: expiresAt,
  lastSeenAt: expiresAt,
  expiresAt,
  idleExpiresAt: expiresAt,
  recheckAt: expiresAt,
})

describeEachDialect('recurring jobs', (dialect) => {
  useKernel(dialect, { clock, env: { CLASPER_CHECKPOINT_SECONDS: '60' } })
  const runAll = async () => {
    const worker = createWorker({ jobs: JOBS })
    await worker.look()
    await worker.idle()
  }
  const slots = async (kind: string) =>
    (await systemDb().job.findMany({ where: { tenantId: 'system', kind } })).map((row) => row.dedupeKey)

  it('are written once per slot of time, whoever tries', async () => {
    await ensureTenants(['system'], clock.now())
    expect(await enqueueDue(JOBS)).toBe(true)
    expect(await enqueueDue(JOBS)).toBe(false)
    expect(await slots('audit.checkpoint')).toHaveLength(1)
    const [key = ''] = await slots('audit.checkpoint')
    const again = Array.from({ length: 5 }, () =>
      enqueueSlot({ kind: 'test.slot', key: key ?? '', now: clock.now(), maxAttempts: 1 }),
    )
    expect((await Promise.all(again)).filter(Boolean)).toHaveLength(1)
    clock.advance(60_000)
    expect(await enqueueDue(JOBS)).toBe(true)
    expect(await slots('audit.checkpoint')).toHaveLength(2)
    expect(await slots('system.clean-up')).toHaveLength(1)
    await systemWrite(({ client }) => client.job.deleteMany())
  })

  it('seal the audit log of every tenant that grew, and of no other', async () => {
    const [grown, quiet] = [await newTenant('grown'), await newTenant('quiet')]
    await grown.scope.mutate({ event: 'config_change' }, async () => undefined)
    clock.advance(60_000)
    await enqueueDue(JOBS)
    await runAll()
    const seals = (id: string) => systemDb().auditCheckpoint.findMany({ where: { tenantId: id } })
    expect(await seals(grown.id)).toMatchObject([{ size: 1n }])
    expect(await seals(quiet.id)).toEqual([])
    clock.advance(60_000)
    await enqueueDue(JOBS)
    await runAll()
    expect(await seals(grown.id)).toHaveLength(1)
  })

  it('delete what has outlived its use, and keep the rest', async () => {
    const tenant = await newTenant()
    const now = clock.now().getTime()
    const ago = (ms: number) => new Date(now - ms)
    await tenant.scope.mutate({ event: 'config_change' }, async (db) => {
      await emit(db, 'test.fresh', {})
      const { id } = await enqueue(db, { kind: 'old', payload: {} })
      await db.job.updateMany({ where: { id }, data: { status: 'done', finishedAt: ago(8 * DAY_MS) } })
      const dead = await enqueue(db, { kind: 'old-dead', payload: {} })
      await db.job.updateMany({ where: { id: dead.id }, data: { status: 'dead', finishedAt: ago(8 * DAY_MS) } })
    })
    await systemWrite(async ({ client }) => {
      const old = { tenantId: tenant.id, topic: 'test.old', payload: {}, createdAt: ago(2 * 3_600_000) }
      await client.outboxEvent.create({ data: old })
      for (const [id, expiresAt] of [
        ['long-gone', ago(2 * DAY_MS)],
        ['just-gone', ago(1_000)],
      ] as const)
        await client.opsSession.create({ data: session(tenant.id, id, expiresAt) })
      for (const [jti, expiresAt] of [
        ['old', ago(1_000)],
        ['new', ago(-DAY_MS)],
      ] as const)
        await client.seenToken.create({ data: { issuer: tenant.id, jti, expiresAt } })
    })
    clock.advance(300_000)
    await enqueueDue(JOBS)
    await runAll()
    const where = { tenantId: tenant.id }
    expect((await systemDb().job.findMany({ where })).map((row) => row.kind)).toEqual(['old-dead'])
    expect((await systemDb().outboxEvent.findMany({ where })).map((row) => row.topic)).toEqual(['test.fresh'])
    expect((await systemDb().opsSession.findMany({ where })).map((row) => row.id)).toEqual(['just-gone'])
    expect((await systemDb().seenToken.findMany({ where: { issuer: tenant.id } })).map((row) => row.jti)).toEqual([
      'new',
    ])
    expect(kernel().isStopping).toBe(false)
  })
})
