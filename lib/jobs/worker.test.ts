import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { fixedClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { enqueue } from '@/lib/core/outbox'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { defineJob, giveUp, type JobContext, type JobDefinition } from './define-job'
import { createWorker } from './worker'

type Log = { kind: string; id: string; by?: string }

const clock = fixedClock(new Date('2026-03-01T12:00:00Z'))

const jobOf = (kind: string, run: (job: JobContext, payload: { n?: number | undefined }) => Promise<void> | void) =>
  defineJob({
    kind,
    means: 'test',
    payload: z.object({ n: z.number().optional() }),
    timeoutMs: 2_000,
    run: async (_scope, payload, job) => run(job, payload),
  })

const put = (tenant: TestTenant, kind: string, count = 1, more: { maxAttempts?: number; payload?: object } = {}) =>
  tenant.scope.mutate({ event: 'config_change' }, async (db) => {
    const ids: string[] = []
    for (let n = 0; n < count; n++) ids.push((await enqueue(db, { kind, payload: { n }, ...more })).id)
    return ids
  })

const rowsOf = (tenant: TestTenant) => systemDb().job.findMany({ where: { tenantId: tenant.id } })
const only = async (tenant: TestTenant) => {
  const [row] = await rowsOf(tenant)
  if (!row) throw new Error('no job')
  return row
}

const workerOf = (jobs: JobDefinition[], name = 'w1', more: { concurrency?: number; leaseMs?: number } = {}) =>
  createWorker({ jobs, name, random: () => 0.5, ...more })

describeEachDialect('worker', (dialect) => {
  useKernel(dialect, { clock })
  afterEach(() => systemWrite(({ client }) => client.job.deleteMany()))

  it('runs what was committed, and nothing of what was rolled back', async () => {
    const tenant = await newTenant()
    const seen: string[] = []
    const worker = workerOf([jobOf('simple', (job) => void seen.push(job.id))])
    const lost = tenant.scope.mutate({ event: 'config_change' }, async (db) => {
      await enqueue(db, { kind: 'simple', payload: {} })
      throw new Error('no')
    })
    await expect(lost).rejects.toThrow('no')
    const [id] = await put(tenant, 'simple')
    expect(await worker.look()).toBe(1)
    await worker.idle()
    expect(seen).toEqual([id])
    expect(await only(tenant)).toMatchObject({ status: 'done', attempts: 1, leasedBy: null, lastError: null })
    expect(await worker.look()).toBe(0)
    const events = await systemDb().outboxEvent.findMany({ where: { tenantId: tenant.id } })
    expect(events).toMatchObject([{ topic: 'job.done', payload: { id, kind: 'simple', status: 'done' } }])
  })

  it('gives every job to one of several workers', async () => {
    const tenant = await newTenant()
    const seen: Log[] = []
    const workers = ['a', 'b', 'c'].map((by) =>
      workerOf([jobOf('shared', async (job) => void seen.push({ kind: 'shared', id: job.id, by }))], by),
    )
    const ids = await put(tenant, 'shared', 40)
    for (let round = 0; round < 20; round++) {
      await Promise.all(workers.map((worker) => worker.look()))
      await Promise.all(workers.map((worker) => worker.idle()))
    }
    expect(seen.map((one) => one.id).sort()).toEqual([...ids].sort())
    expect(new Set(seen.map((one) => one.by)).size).toBeGreaterThan(1)
  })

  it('waits longer after each failure, then keeps the job among the dead with its reason', async () => {
    const tenant = await newTenant()
    const worker = workerOf([
      jobOf('failing', () => {
        throw new Error('no route to postgresql://me:secret@db/x')
      }),
    ])
    await put(tenant, 'failing', 1, { maxAttempts: 3 })
    const waits: number[] = []
    for (let attempt = 1; attempt <= 2; attempt++) {
      expect(await worker.look()).toBe(1)
      await worker.idle()
      const row = await only(tenant)
      expect(row).toMatchObject({ status: 'queued', attempts: attempt })
      waits.push(row.runAt.getTime() - clock.now().getTime())
      clock.advance((waits.at(-1) ?? 0) - 1)
      expect(await worker.look()).toBe(0)
      clock.advance(1)
    }
    expect(waits).toEqual([1_000, 2_000])
    await worker.look()
    await worker.idle()
    const dead = await only(tenant)
    expect(dead).toMatchObject({
      status: 'dead',
      attempts: 3,
      lastError: 'no route to postgresql://me:[REDACTED]@db/x',
    })
    expect(dead.finishedAt).toEqual(clock.now())
    const events = await systemDb().outboxEvent.findMany({ where: { tenantId: tenant.id } })
    expect(events.map((event) => event.topic)).toEqual(['job.dead'])
  })

  it.each([
    ['gives up at once when the job says so', 'hopeless', {}, 'never'],
    ['gives up at once when the payload does not fit', 'fussy', { n: 'text' }, 'The payload does not fit: n'],
  ])('%s', async (_, kind, payload, reason) => {
    const tenant = await newTenant()
    const worker = workerOf([
      jobOf('hopeless', () => {
        throw giveUp('never')
      }),
      jobOf('fussy', () => undefined),
    ])
    await put(tenant, kind, 1, { payload })
    await worker.look()
    await worker.idle()
    const row = await only(tenant)
    expect(row).toMatchObject({ status: 'dead', attempts: 1 })
    expect(row.lastError).toContain(reason)
  })

  it('keeps a job of an unknown kind for a version that knows it', async () => {
    const tenant = await newTenant()
    await put(tenant, 'from-the-future')
    const worker = workerOf([])
    await worker.look()
    await worker.idle()
    expect(await only(tenant)).toMatchObject({ status: 'queued', attempts: 1 })
  })

  it('aborts a job that takes too long and tries it again', async () => {
    const tenant = await newTenant()
    const aborted: unknown[] = []
    const slow = {
      ...jobOf('slow', (job) => new Promise<void>(() => job.signal.addEventListener('abort', () => aborted.push(1)))),
      timeoutMs: 20,
    }
    await put(tenant, 'slow')
    const worker = workerOf([slow])
    await worker.look()
    await worker.idle()
    expect(aborted).toEqual([1])
    expect(await only(tenant)).toMatchObject({ status: 'queued', lastError: 'It took longer than 20 ms' })
  })

  it('takes turns between tenants', async () => {
    const [greedy, modest] = [await newTenant('a'), await newTenant('b')]
    const order: string[] = []
    const names = new Map([
      [greedy.id, 'greedy'],
      [modest.id, 'modest'],
    ])
    const fair = defineJob({
      kind: 'fair',
      means: 'test',
      payload: z.object({}).loose(),
      timeoutMs: 1_000,
      run: async (scope) => void order.push(names.get(scope.tenantId) ?? ''),
    })
    await put(greedy, 'fair', 20)
    clock.advance(1_000)
    await put(modest, 'fair', 2)
    const worker = workerOf([fair], 'w1', { concurrency: 1 })
    await worker.look()
    await worker.idle()
    expect(order).toHaveLength(22)
    expect(order.slice(0, 4).filter((name) => name === 'modest')).toHaveLength(2)
    await put(greedy, 'fair', 20)
    await put(modest, 'fair', 3)
    const wide = workerOf([fair], 'w2', { concurrency: 6 })
    expect(await wide.look()).toBe(6)
    expect(await systemDb().job.count({ where: { leasedBy: 'w2', tenantId: modest.id } })).toBe(3)
    await wide.idle()
    expect(order).toHaveLength(45)
  })

  it('takes back a lease that ran out, and the first worker can no longer end the job', async () => {
    const tenant = await newTenant()
    const release: (() => void)[] = []
    const outcomes: string[] = []
    const job = (by: string) =>
      jobOf('leased', async ({ finish }) => {
        if (by === 'first') await new Promise<void>((resolve) => release.push(resolve))
        await finish({ event: 'config_change', entityId: by }, async () => undefined)
        outcomes.push(by)
      })
    await put(tenant, 'leased')
    const first = workerOf([job('first')], 'first', { leaseMs: 1_000 })
    const second = workerOf([job('second')], 'second', { leaseMs: 1_000 })
    await first.look()
    await second.tend()
    expect(await second.look()).toBe(0)
    clock.advance(1_001)
    await second.tend()
    expect(await only(tenant)).toMatchObject({ status: 'queued', attempts: 1 })
    expect(await second.look()).toBe(1)
    await second.idle()
    for (const go of release) go()
    await first.idle()
    expect(outcomes).toEqual(['second'])
    expect((await tenant.audits()).map((row) => row.entityId)).toEqual([null, 'second'])
    expect(await only(tenant)).toMatchObject({ status: 'done', attempts: 2 })
  })

  it('renews a lease while the job runs', async () => {
    const tenant = await newTenant()
    const release: (() => void)[] = []
    const worker = workerOf([jobOf('long', () => new Promise<void>((resolve) => release.push(resolve)))], 'w1', {
      leaseMs: 1_000,
    })
    await put(tenant, 'long')
    await worker.look()
    for (let i = 0; i < 3; i++) {
      clock.advance(900)
      await worker.tend()
    }
    expect(await only(tenant)).toMatchObject({ status: 'running', leasedBy: 'w1', attempts: 1 })
    for (const go of release) go()
    await worker.idle()
    expect(await only(tenant)).toMatchObject({ status: 'done' })
  })

  it('does not do the work of a job twice when its last write was its end', async () => {
    const tenant = await newTenant()
    const worker = workerOf([
      jobOf('ends-itself', async ({ finish }) => {
        await finish({ event: 'config_change', entityId: 'once' }, async () => undefined)
        throw new Error('after the end')
      }),
    ])
    await put(tenant, 'ends-itself')
    await worker.look()
    await worker.idle()
    expect(await only(tenant)).toMatchObject({ status: 'done', lastError: null })
  })

  it('finishes on stop what ends in time and gives the rest back untouched', async () => {
    const tenant = await newTenant()
    const worker = workerOf([
      jobOf(
        'endless',
        ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason))
          }),
      ),
    ])
    await put(tenant, 'endless')
    await worker.look()
    await worker.stop(10)
    expect(await only(tenant)).toMatchObject({ status: 'queued', attempts: 0, leasedBy: null, leaseUntil: null })
    expect(await worker.look()).toBe(0)
  })

  it('acts as itself in the tenant of the job', async () => {
    const tenant = await newTenant()
    await put(tenant, 'who')
    const worker = workerOf([
      jobOf('who', async ({ finish }) => {
        await finish({ event: 'config_change' }, async () => undefined)
      }),
    ])
    await worker.look()
    await worker.idle()
    expect(await tenant.lastAudit()).toMatchObject({ actor: 'system:who' })
    expect(kernel().metrics.jobs).toBeDefined()
  })
})
