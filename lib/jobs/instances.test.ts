import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { installKernel, kernel } from '@/lib/core/kernel'
import { emit, enqueue } from '@/lib/core/outbox'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect, freshDatabase, type TestDatabase } from '@/lib/core/testing/database'
import { type Instance, startInstance } from '@/lib/core/testing/instance'
import { newTenant, type TestTenant, testKernel } from '@/lib/core/testing/kernel'

const numbers = (lines: readonly string[]) => lines.map((line) => Number(line.split(' ')[1])).sort((a, b) => a - b)
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

const put = (tenant: TestTenant, first: number, count: number) =>
  tenant.scope.mutate({ event: 'config_change', entityId: 'put' }, async (db) => {
    for (let n = first; n < first + count; n++) await enqueue(db, { kind: 'test.work', payload: { n } })
  })

const effects = async (tenant: TestTenant) =>
  (await tenant.audits())
    .filter((row) => row.actor === 'system:test.work')
    .map((row) => Number(row.entityId))
    .sort((a, b) => a - b)

const settled = async (tenant: TestTenant, count: number) => {
  const deadline = performance.now() + 50_000
  for (;;) {
    const done = await systemDb().job.count({ where: { tenantId: tenant.id, status: 'done' } })
    if (done === count) return
    if (performance.now() > deadline) throw new Error(`Only ${done} of ${count} are done`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

vi.setConfig({ testTimeout: 60_000 })

describeEachDialect('several instances', (dialect) => {
  const house = {} as { database: TestDatabase; one: Instance; two: Instance }

  beforeAll(async () => {
    house.database = await freshDatabase(dialect)
    installKernel(testKernel(house.database.url))
    const { url } = house.database
    ;[house.one, house.two] = await Promise.all([startInstance(url, 'one'), startInstance(url, 'two')])
  })
  afterAll(async () => {
    await Promise.all([house.one.stop(), house.two.stop()])
    await kernel().stop()
    await house.database.close()
  })

  it('share the work: each job is begun once and takes effect once', async () => {
    const tenant = await newTenant()
    const both = () => [...house.one.said('done'), ...house.two.said('done')]
    for (let round = 0; round < 4; round++) await put(tenant, round * 12, 12)
    await settled(tenant, 48)
    await expect.poll(() => both().length, { timeout: 20_000 }).toBe(48)
    expect(numbers(both())).toEqual(upTo(48))
    expect(numbers([...house.one.said('began'), ...house.two.said('began')])).toEqual(upTo(48))
    expect(await effects(tenant)).toEqual(upTo(48))
    expect(house.one.said('done').length).toBeGreaterThan(0)
    expect(house.two.said('done').length).toBeGreaterThan(0)
  })

  it('hear every event once, wherever it happened', async () => {
    const tenant = await newTenant()
    for (let i = 0; i < 25; i++) {
      await tenant.scope.mutate({ event: 'config_change' }, (db) => emit(db, 'test.news', { i }))
    }
    const rows = await systemDb().outboxEvent.findMany({ where: { tenantId: tenant.id }, orderBy: { id: 'asc' } })
    const wanted = rows.map((row) => `event test.news ${row.id}`)
    for (const instance of [house.one, house.two]) {
      await instance.until((lines) => wanted.every((line) => lines.includes(line)))
      expect(instance.said('event test.news')).toEqual(wanted)
    }
  })

  it('take over from one that was killed, as soon as its lease has run out', async () => {
    const tenant = await newTenant()
    await Promise.all([house.one.stop(), house.two.stop()])
    const doomed = await startInstance(house.database.url, 'doomed', { hangs: true, leaseMs: 1_500 })
    await put(tenant, 0, 3)
    await doomed.until((lines) => lines.filter((line) => line.startsWith('began')).length === 3)
    const heir = await startInstance(house.database.url, 'heir', { leaseMs: 1_500 })
    expect(heir.said('began')).toEqual([])
    await doomed.kill()
    await settled(tenant, 3)
    expect(numbers(heir.said('began'))).toEqual(upTo(3))
    expect(await effects(tenant)).toEqual(upTo(3))
    const rows = await systemDb().job.findMany({ where: { tenantId: tenant.id } })
    expect(rows.map((row) => row.attempts)).toEqual([2, 2, 2])
    expect(await heir.stop()).toBe(0)
  })
})
