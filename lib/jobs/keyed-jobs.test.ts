import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { fixedClock } from '@/lib/core/clock'
import { enqueue } from '@/lib/core/outbox'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { defineJob, type JobContext } from './define-job'
import { createWorker } from './worker'

const KIND = 'keyed'
const clock = fixedClock(new Date('2026-03-01T12:00:00Z'))

const workerFor = (run: (job: JobContext) => Promise<void> | void) => {
  const job = defineJob({
    kind: KIND,
    means: 'test',
    payload: z.object({}),
    timeoutMs: 2_000,
    run: async (_scope, _payload, context) => run(context),
  })
  return createWorker({ jobs: [job], name: 'w1', random: () => 0.5 })
}

const put = async (tenant: TestTenant): Promise<string> => {
  const job = { kind: KIND, payload: {}, dedupeKey: 'k' }
  return (await tenant.scope.mutate({ event: 'config_change' }, (db) => enqueue(db, job))).id
}

describeEachDialect('jobs with a key', (dialect) => {
  useKernel(dialect, { clock })
  afterEach(() => systemWrite(({ client }) => client.job.deleteMany()))

  it('a change made while the job runs is done by a further job, whoever ends first', async () => {
    const tenant = await newTenant()
    const release: (() => void)[] = []
    const seen: string[] = []
    const worker = workerFor(async (job) => {
      seen.push(job.id)
      if (seen.length === 1) await new Promise<void>((resolve) => release.push(resolve))
      if (seen.length === 2 && job.attempt === 1) throw new Error('once more')
    })
    const first = await put(tenant)
    await worker.look()
    const second = await put(tenant)
    expect(await put(tenant)).toBe(second)
    expect(second).not.toBe(first)
    for (const go of release) go()
    await worker.idle()
    await worker.look()
    await worker.idle()
    clock.advance(5_000)
    await worker.look()
    await worker.idle()
    expect(seen).toEqual([first, second, second])
    expect((await systemDb().job.findMany({ where: { tenantId: tenant.id } })).map(({ status }) => status)).toEqual([
      'done',
      'done',
    ])
    expect([first, second]).not.toContain(await put(tenant))
  })

  it('a job that a change in the making has joined is not begun before that change is made', async () => {
    const tenant = await newTenant()
    const worker = workerFor(() => undefined)
    const first = await put(tenant)
    const begun: Promise<number>[] = []
    const joined = await tenant.scope.mutate({ event: 'config_change' }, async (db) => {
      const { id } = await enqueue(db, { kind: KIND, payload: {}, dedupeKey: 'k' })
      if (dialect === 'postgresql') expect(await worker.look()).toBe(0)
      else begun.push(worker.look())
      expect(await db.job.count({ where: { id, status: 'queued' } })).toBe(1)
      return id
    })
    expect(joined).toBe(first)
    expect(dialect === 'postgresql' ? await worker.look() : await begun[0]).toBe(1)
    await worker.idle()
  })
})
