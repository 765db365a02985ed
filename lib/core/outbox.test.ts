import { expect, it } from 'vitest'
import { enqueue } from './outbox'
import { systemDb, systemWrite } from './system-db'
import { describeEachDialect } from './testing/database'
import { newTenant, type TestTenant, useKernel } from './testing/kernel'

const KIND = 'reindex'
const runAt = new Date('2026-03-01T12:00:00.123Z')

const put = (tenant: TestTenant, n: number, dedupeKey = 'one') =>
  tenant.scope.mutate({ event: 'config_change' }, (db) =>
    enqueue(db, { kind: KIND, payload: { n, deep: { text: "o'ne", list: [1, null, true] } }, runAt, dedupeKey }),
  )
const rowsOf = (tenant: TestTenant) =>
  systemDb().job.findMany({ where: { tenantId: tenant.id }, orderBy: { createdAt: 'asc' } })
const become = (tenant: TestTenant, id: string, status: string) =>
  systemWrite(({ client }) => client.job.updateMany({ where: { tenantId: tenant.id, id }, data: { status } }))

describeEachDialect('enqueue with a key', (dialect) => {
  useKernel(dialect)

  it('writes the row that Prisma would write', async () => {
    const tenant = await newTenant()
    const { id } = await put(tenant, 1)
    expect(await rowsOf(tenant)).toMatchObject([
      {
        id,
        kind: KIND,
        payload: { n: 1, deep: { text: "o'ne", list: [1, null, true] } },
        status: 'queued',
        dedupeKey: 'one',
        runAt,
        attempts: 0,
        maxAttempts: 5,
        leasedBy: null,
      },
    ])
    expect(await systemDb().job.count({ where: { tenantId: tenant.id, runAt } })).toBe(1)
  })

  it('is one job as long as it waits, in each tenant and for each key', async () => {
    const [a, b] = [await newTenant(), await newTenant()]
    const first = await put(a, 1)
    expect(await put(a, 2)).toEqual(first)
    expect(await put(b, 3)).not.toEqual(first)
    expect(await put(a, 4, 'two')).not.toEqual(first)
    expect((await rowsOf(a)).map(({ id, payload }) => [id, payload])).toHaveLength(2)
    expect(await rowsOf(b)).toHaveLength(1)
  })

  it.each(['running', 'done', 'dead', 'discarded'])('a %s job takes nothing upon itself', async (status) => {
    const tenant = await newTenant()
    const first = await put(tenant, 1)
    await become(tenant, first.id, status)
    const second = await put(tenant, 2)
    expect(second.id).not.toBe(first.id)
    expect(await put(tenant, 3)).toEqual(second)
    const rows = await rowsOf(tenant)
    expect(rows.map(({ id, status: now, dedupeKey }) => ({ id, now, dedupeKey }))).toEqual(
      expect.arrayContaining([
        { id: first.id, now: status, dedupeKey: null },
        { id: second.id, now: 'queued', dedupeKey: 'one' },
      ]),
    )
    expect(rows).toHaveLength(2)
  })

  it('two at the same time are one row and no error', async () => {
    const tenant = await newTenant()
    const ids = await Promise.all(Array.from({ length: 8 }, async (_, n) => (await put(tenant, n)).id))
    expect(new Set(ids).size).toBe(1)
    expect(await rowsOf(tenant)).toMatchObject([{ id: ids[0], status: 'queued' }])
    expect(await tenant.audits()).toHaveLength(8)
  })

  it('what was rolled back is no job to join', async () => {
    const tenant = await newTenant()
    const lost = tenant.scope.mutate({ event: 'config_change' }, async (db) => {
      await enqueue(db, { kind: KIND, payload: {}, dedupeKey: 'one' })
      throw new Error('no')
    })
    await expect(lost).rejects.toThrow('no')
    const { id } = await put(tenant, 1)
    expect(await rowsOf(tenant)).toMatchObject([{ id }])
  })
})
