import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { certificates, idsOf, one, payloads } from '@/lib/core/testing/retention-passes'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { digestOf } from './digest'
import { enforceLater, setPolicy } from './index'

const DAY = 86_400_000
const NOON = new Date('2026-03-01T12:00:00Z')
const clock = fixedClock(NOON)

describeEachDialect('a pass', (dialect) => {
  useKernel(dialect, { clock })

  it('works in pieces, each with its own row, and certifies the whole with a digest of what went', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const ids = Array.from({ length: 1_203 }, (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`)
    const row = (id: string, n: number) => ({
      ...{
        tenantId: tenant.id,
        id,
        executionId: id,
        workspaceId: 'default',
        environment: 'x',
        kind: 'send',
        actor: 'x',
      },
      ...{ status: 'success', provider: 'p', model: 'm', promptSource: 'workspace' },
      startedAt: new Date(n),
      leaseUntil: new Date(n),
    })
    const rows = ids.map(row)
    for (let from = 0; from < rows.length; from += 150)
      await systemWrite(({ client }) => client.trace.createMany({ data: rows.slice(from, from + 150) }))
    const result = await one(tenant, { reason_code: 'other', justification: 'the disk is full' })
    expect(result).toMatchObject({ traces_deleted: 1_203, ids_sha256: digestOf(ids) })
    const all = await payloads(tenant)
    expect(all.map(({ kind }) => kind)).toEqual([...all.slice(1).map(() => 'part'), 'pass'])
    const sizes = all.slice(0, -1).map(({ traces }) => Number(traces))
    expect(sizes.length).toBeGreaterThanOrEqual(3)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500)
    for (const [n, size] of sizes.entries()) {
      const from = sizes.slice(0, n).reduce((sum, own) => sum + own, 0)
      expect(all[n]).toMatchObject({ pass_id: result.pass_id, ids_sha256: digestOf(ids.slice(from, from + size)) })
    }
    expect(all.at(-1)).toMatchObject({
      pass_id: result.pass_id,
      by: 'request',
      justification: 'the disk is full',
      traces_deleted: 1_203,
      ids_sha256: digestOf(ids),
      bytes_reclaimed: result.bytes_reclaimed,
      policy: { retention_days: 90, sampling_strategy: 'full', storage_mode: 'full', legal_hold: false },
      cutoff: result.cutoff_date,
    })
  })

  it('ends before its next transaction when a hold is set meanwhile, and runs out of time into a job', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    for (let n = 0; n < 20; n++) await putTrace(tenant.id, { stepCount: 10_000 }, 100 * DAY + n)
    let count = 0
    const off = kernel().bus.on('committed', ({ tenantId }) => {
      if (tenantId === tenant.id && ++count === 1) void setPolicy(tenant.scope, { legal_hold: true })
    })
    const result = await one(tenant)
    off()
    expect(result.is_complete).toBe(false)
    expect(result.traces_deleted).toBeLessThan(20)
    expect((await certificates(tenant)).at(-1)).toMatchObject({ stopped: 'rules', is_complete: false })
    await setPolicy(tenant.scope, { legal_hold: false })
    const before = (await idsOf(tenant)).length
    expect(before).toBeGreaterThan(0)
    await enforceLater(tenant.scope, { task: 'day' }, { budgetMs: -1, signal: new AbortController().signal })
    expect(await idsOf(tenant)).toHaveLength(before)
    const where = { tenantId: tenant.id, kind: 'retention.enforce' }
    expect(await systemDb().job.findMany({ where })).toMatchObject([{ payload: { task: 'rest' } }])
  })

  it('two passes at once do the work once', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    for (let n = 0; n < 40; n++) await putTrace(tenant.id, {}, 100 * DAY + n)
    const results = await Promise.all([one(tenant), one(tenant), one(tenant)])
    expect(results.reduce((sum, { traces_deleted: n }) => sum + n, 0)).toBe(40)
    expect((await payloads(tenant)).filter(({ kind }) => kind === 'part')).toHaveLength(1)
  })

  it('a clock that jumps back deletes nothing more', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const young = await putTrace(tenant.id, {}, 10 * DAY)
    await putTrace(tenant.id, {}, 100 * DAY)
    expect((await one(tenant)).traces_deleted).toBe(1)
    clock.advance(-400 * DAY)
    expect((await one(tenant)).traces_deleted).toBe(0)
    expect(await idsOf(tenant)).toEqual([young])
  })
})
