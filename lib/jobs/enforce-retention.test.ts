import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { setPolicy } from '@/lib/retention'
import { enforceRetention, retentionDay } from './enforce-retention'
import { enqueueDue } from './schedule'
import { ensureTenants } from './store'
import { createWorker } from './worker'

const DAY = 86_400_000
const NOON = new Date('2026-03-01T12:00:00Z')
const clock = fixedClock(NOON)
const JOBS = [retentionDay, enforceRetention]

const countOf = ({ id }: TestTenant) => systemDb().trace.count({ where: { tenantId: id } })

const passesOf = async ({ id }: TestTenant) =>
  systemDb().auditEntry.count({ where: { tenantId: id, eventType: 'retention_enforced', entityId: 'retention' } })

const putReport = ({ id: tenantId }: TestTenant) => {
  const at = new Date(NOON.getTime() - 400 * DAY)
  const key = { tenantId, adapterId: 'coder', executionId: 'x', kind: 'cost', payloadHash: 'h' }
  const data = { ...key, evidence: 'signed', data: {}, occurredAt: at, receivedAt: at }
  return systemWrite(({ client }) => client.adapterReport.create({ data }))
}

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 500; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect.unreachable()
}

describeEachDialect('retention by itself', (dialect) => {
  useKernel(dialect, { clock })

  const runAll = async (workers: number) => {
    const all = Array.from({ length: workers }, (_, n) => createWorker({ jobs: JOBS, name: `w${n}`, concurrency: 4 }))
    await until(async () => {
      await Promise.all(all.map((worker) => worker.look()))
      await Promise.all(all.map((worker) => worker.idle()))
      return (
        (await systemDb().job.count({
          where: { status: { in: ['queued', 'running'] }, runAt: { lte: clock.now() } },
        })) === 0
      )
    })
  }

  it('is done once a day for every tenant, however many workers there are', async () => {
    clock.set(NOON)
    await ensureTenants(['system'], clock.now())
    const [a, b, empty] = [await newTenant('a'), await newTenant('b'), await newTenant('empty')]
    for (const tenant of [a, b]) await putTrace(tenant.id, {}, 100 * DAY)
    const told = await newTenant('told')
    await putReport(told)
    expect(await enqueueDue(JOBS)).toBe(true)
    await runAll(3)
    expect(await systemDb().adapterReport.count({ where: { tenantId: told.id } })).toBe(0)
    for (const tenant of [a, b]) {
      expect(await countOf(tenant)).toBe(0)
      expect(await passesOf(tenant)).toBe(1)
    }
    expect(await systemDb().job.count({ where: { tenantId: empty.id } })).toBe(0)
    await putTrace(a.id, {}, 100 * DAY)
    clock.advance(60_000)
    expect(await enqueueDue(JOBS)).toBe(false)
    await runAll(2)
    expect(await countOf(a)).toBe(1)
    clock.advance(-2 * DAY)
    await enqueueDue(JOBS)
    await runAll(1)
    clock.set(new Date(NOON.getTime() + DAY))
    expect(await enqueueDue(JOBS)).toBe(true)
    await runAll(2)
    expect(await countOf(a)).toBe(0)
  })

  it('lets what ended within a day be, and leaves no row where there is nothing to do', async () => {
    clock.set(new Date(NOON.getTime() + 10 * DAY))
    const tenant = await newTenant()
    await setPolicy(tenant.scope, { sampling_strategy: 'errors_only' })
    const startedAt = clock.now()
    await putTrace(tenant.id, { startedAt, completedAt: startedAt })
    clock.advance(DAY - 1)
    await enqueueDue(JOBS)
    await runAll(1)
    expect([await countOf(tenant), await passesOf(tenant)]).toEqual([1, 0])
    clock.advance(DAY)
    await enqueueDue(JOBS)
    await runAll(1)
    expect([await countOf(tenant), await passesOf(tenant)]).toEqual([0, 1])
  })

  it('does not begin while a hold stands, and gives up an erasure that a hold came before', async () => {
    clock.set(new Date(NOON.getTime() + 40 * DAY))
    const tenant = await newTenant()
    await putTrace(tenant.id, { userId: 'ann' }, 300 * DAY)
    await setPolicy(tenant.scope, { legal_hold: true })
    await systemWrite(({ client }) =>
      client.job.create({
        data: {
          ...{
            tenantId: tenant.id,
            id: tenant.id,
            kind: 'retention.enforce',
            payload: { task: 'rest', user_id: 'ann' },
          },
          ...{ runAt: clock.now(), createdAt: clock.now() },
        },
      }),
    )
    await enqueueDue(JOBS)
    await runAll(1)
    expect([await countOf(tenant), await passesOf(tenant)]).toEqual([1, 0])
    const job = await systemDb().job.findFirst({ where: { tenantId: tenant.id, id: tenant.id } })
    expect(job).toMatchObject({ status: 'dead', lastError: expect.stringContaining('legal hold') })
  })
})
