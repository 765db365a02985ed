import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { certificates, idsOf, one } from '@/lib/core/testing/retention-passes'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { getTraceDetail } from '@/lib/tracing'
import { digestOf } from './digest'
import { isInSample } from './fate'
import { enforce, enforceLater, previewPolicy, retentionStats, setPolicy } from './index'

const DAY = 86_400_000
const NOON = new Date('2026-03-01T12:00:00Z')
const clock = fixedClock(NOON)

const later = async <T>(ms: number, act: () => Promise<T>): Promise<T> => {
  clock.advance(ms)
  return act()
}

const snapshotOf = async (tenant: TestTenant) => {
  const where = { tenantId: tenant.id }
  const db = systemDb()
  return {
    traces: await db.trace.findMany({ where, orderBy: { id: 'asc' } }),
    contents: await db.traceContent.findMany({ where, orderBy: { traceId: 'asc' } }),
    steps: await db.traceStep.findMany({ where, orderBy: { stepId: 'asc' } }),
    texts: await db.traceText.count({ where }),
    bodies: await db.body.count({ where }),
    links: await db.traceBody.count({ where }),
    audits: await db.auditEntry.count({ where }),
  }
}

describeEachDialect('retention', (dialect) => {
  useKernel(dialect, { clock })

  it('deletes what is older than the policy, or than ninety days without one, by the start', async () => {
    clock.set(NOON)
    const [a, b] = await twoTenants()
    const gone = await putTrace(a.id, {}, 90 * DAY + 1)
    const edge = await putTrace(a.id, {}, 90 * DAY)
    const foreign = await putTrace(b.id, {}, 100 * DAY)
    expect(await one(a)).toMatchObject({
      tenant_id: a.id,
      traces_deleted: 1,
      cutoff_date: new Date(NOON.getTime() - 90 * DAY).toISOString(),
      oldest_remaining_trace: new Date(NOON.getTime() - 90 * DAY).toISOString(),
      is_complete: true,
      ids_sha256: digestOf([gone]),
    })
    expect(await idsOf(a)).toEqual([edge])
    expect(await idsOf(b)).toEqual([foreign])
    await setPolicy(a.scope, { retention_days: 1 })
    expect((await one(a)).traces_deleted).toBe(1)
    expect(await idsOf(a)).toEqual([])
  })

  it('takes along all that hangs on a trace, and leaves sums, ledger and audit rows', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const other = await newTenant('other')
    const shared = `shared ${'prompt '.repeat(2_000)}`
    await recordRun(tenant.scope, { word: 'ZEBRA', webhook: 'delivered', prompt: shared })
    const foreign = await recordRun(other.scope, { word: 'ZEBRA', prompt: shared })
    const kept = await later(DAY, () => recordRun(tenant.scope, { word: 'YAK', prompt: shared }))
    const db = systemDb()
    const where = { tenantId: tenant.id }
    const rollups = await db.traceRollup.findMany({ where })
    expect(rollups.reduce((sum, row) => sum + row.traces, 0)).toBe(2)
    const audits = await db.auditEntry.count({ where })
    await setPolicy(tenant.scope, { retention_days: 1 })
    const result = await later(3_600_000, () => one(tenant))
    expect(result).toMatchObject({ traces_deleted: 1, traces_reduced: 0 })
    expect(result.bytes_reclaimed).toBeGreaterThan(500)
    expect(await idsOf(tenant)).toEqual([kept])
    for (const count of [
      await db.traceContent.count({ where }),
      await db.traceText.count({ where }),
      await db.traceLabel.count({ where }),
      await db.traceAnnotation.count({ where }),
    ])
      expect(count).toBe(1)
    expect(await db.webhookDelivery.count({ where })).toBe(0)
    const links = await db.traceBody.findMany({ where })
    const bodies = await db.body.findMany({ where })
    expect(bodies.map(({ hash }) => hash).sort()).toEqual(links.map(({ hash }) => hash).sort())
    expect(await db.traceRollup.findMany({ where })).toEqual(rollups)
    expect(await db.auditEntry.count({ where })).toBe(audits + 3)
    expect((await getTraceDetail(other.scope, foreign)).trace.input.message).toContain('ZEBRA')
    expect(await db.traceText.count({ where: { tenantId: other.id } })).toBe(1)
  })

  it('says before what it will do, and changes nothing by saying it', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    await setPolicy(tenant.scope, { retention_days: 2, storage_mode: 'minimal' })
    for (const word of ['ONE', 'TWO']) await recordRun(tenant.scope, { word })
    await later(2 * DAY, () => recordRun(tenant.scope, { word: 'THREE' }))
    clock.advance(3_600_001)
    const before = await snapshotOf(tenant)
    const said = await one(tenant, { dry_run: true })
    expect(await snapshotOf(tenant)).toEqual(before)
    expect(said).toMatchObject({ traces_deleted: 2, traces_reduced: 1, dry_run: true, pass_id: null })
    const { result } = await previewPolicy(tenant.as('operator'), { retention_days: 1, storage_mode: 'full' })
    expect(result).toMatchObject({ traces_deleted: 2, traces_reduced: 0 })
    const done = await one(tenant)
    expect(done).toMatchObject({ traces_deleted: 2, traces_reduced: 1, dry_run: false })
    expect(said.bytes_reclaimed).toBeGreaterThanOrEqual(done.bytes_reclaimed)
    expect(said.bytes_reclaimed).toBeLessThan(done.bytes_reclaimed * 1.2)
  })

  it('says the very bytes where traces are only deleted', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const shared = 'shared '.repeat(3_000)
    for (const word of ['ONE', 'TWO', 'THREE']) await recordRun(tenant.scope, { word, prompt: shared })
    clock.advance(100 * DAY)
    const said = await one(tenant, { dry_run: true })
    expect(said.bytes_reclaimed).toBe((await one(tenant)).bytes_reclaimed)
    expect(await systemDb().body.count({ where: { tenantId: tenant.id } })).toBe(0)
  })

  it('keeps a tenth by the hash of the id and every error, always the same ones', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    await setPolicy(tenant.scope, { sampling_strategy: 'sampled' })
    const good: string[] = []
    for (let n = 0; n < 60; n++) good.push(await putTrace(tenant.id, {}, n * 1_000))
    const failed = await putTrace(tenant.id, { status: 'error' }, 1)
    const late = await putTrace(tenant.id, { status: 'timeout' }, 2)
    expect((await one(tenant)).traces_deleted).toBe(good.filter((id) => !isInSample(id)).length)
    expect((await idsOf(tenant)).sort()).toEqual([...good.filter(isInSample), failed, late].sort())
    expect((await one(tenant)).traces_deleted).toBe(0)
    await setPolicy(tenant.scope, { sampling_strategy: 'errors_only' })
    await one(tenant)
    expect((await idsOf(tenant)).sort()).toEqual([failed, late].sort())
  })

  it('leaves what runs and what is still to be delivered, and counts it', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const running = await recordRun(tenant.scope, { isRunning: true })
    const pending = await recordRun(tenant.scope, { delivery: 'pending' })
    const telling = await recordRun(tenant.scope, { webhook: 'queued' })
    const foreign = await putTrace(tenant.id, { status: 'running', origin: 'otlp' })
    clock.advance(400 * DAY)
    expect(await one(tenant)).toMatchObject({ traces_deleted: 1, left: { running: 1, pending: 2 } })
    expect((await idsOf(tenant)).sort()).toEqual([running, pending, telling].sort())
    expect(await idsOf(tenant)).not.toContain(foreign)
    await systemWrite(({ client }) =>
      client.webhookDelivery.updateMany({ where: { tenantId: tenant.id }, data: { state: 'dead' } }),
    )
    expect(await one(tenant)).toMatchObject({ traces_deleted: 1, left: { running: 1, pending: 1 } })
  })

  it('touches nothing under a legal hold, and says what it keeps from', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    await recordRun(tenant.scope)
    await setPolicy(tenant.scope, { legal_hold: true, storage_mode: 'minimal', justification: 'A court asks for it' })
    clock.advance(400 * DAY)
    const before = await snapshotOf(tenant)
    expect(await one(tenant)).toMatchObject({ traces_deleted: 0, legal_hold: true, held_back: null, pass_id: null })
    const said = await one(tenant, { dry_run: true })
    expect(said).toMatchObject({ traces_deleted: 0, bytes_reclaimed: 0, legal_hold: true })
    expect(said.held_back).toMatchObject({ traces_deleted: 1, traces_reduced: 0 })
    await enforceLater(tenant.scope, { task: 'day' }, { budgetMs: 10_000, signal: new AbortController().signal })
    expect(await snapshotOf(tenant)).toEqual(before)
    await setPolicy(tenant.scope, { legal_hold: false })
    expect((await one(tenant)).traces_deleted).toBe(1)
  })

  it('leaves texts of the last hour, and comes back for them', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    await setPolicy(tenant.scope, { storage_mode: 'minimal' })
    await recordRun(tenant.scope, { word: 'YOUNG' })
    expect(await one(tenant)).toMatchObject({ traces_reduced: 1, bodies_deleted: 0 })
    const where = { tenantId: tenant.id }
    expect(await systemDb().body.count({ where })).toBeGreaterThan(0)
    expect(await systemDb().traceBody.count({ where })).toBe(0)
    const job = await systemDb().job.findFirst({ where: { ...where, kind: 'retention.enforce' } })
    expect(job).toMatchObject({ payload: { task: 'sweep' } })
    expect(job?.runAt.getTime()).toBe(NOON.getTime() + 3_660_000)
    clock.advance(3_660_000)
    await enforceLater(tenant.scope, { task: 'sweep' }, { budgetMs: 10_000, signal: new AbortController().signal })
    expect(await systemDb().body.count({ where })).toBe(0)
    expect((await certificates(tenant)).at(-1)).toMatchObject({ by: 'schedule', traces_deleted: 0, is_complete: true })
  })

  it('drops bundles that no trace names, with the files that nothing else holds', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const { id: tenantId } = tenant
    await recordRun(tenant.scope, { workspaceHash: 'aaaa' })
    const at = clock.now()
    const bytes = Buffer.from('file')
    await systemWrite(async ({ client }) => {
      for (const hash of ['aaaa', 'bbbb'])
        await client.bundleSnapshot.create({ data: { tenantId, hash, workspaceId: 'default', createdAt: at } })
      for (const hash of ['f1', 'f2'])
        await client.body.create({ data: { tenantId, hash, size: 4, codec: 'raw', bytes, createdAt: at } })
      const file = { tenantId, path: 'SOUL.md', size: 4 }
      await client.bundleFile.create({ data: { ...file, bundleHash: 'aaaa', bodyHash: 'f1' } })
      await client.bundleFile.create({ data: { ...file, bundleHash: 'bbbb', bodyHash: 'f2' } })
    })
    expect(await one(tenant)).toMatchObject({ snapshots_deleted: 0 })
    clock.advance(3_600_001)
    expect(await one(tenant)).toMatchObject({ snapshots_deleted: 1, bodies_deleted: 1, bytes_reclaimed: 4 })
    const left = await systemDb().bundleSnapshot.findMany({ where: { tenantId } })
    expect(left.map(({ hash }) => hash)).toEqual(['aaaa'])
    expect(await systemDb().body.count({ where: { tenantId, hash: { in: ['f1', 'f2'] } } })).toBe(1)
  })

  it('names no tenant: each of the caller, and of no one else', async () => {
    clock.set(NOON)
    const [a, b] = await twoTenants()
    const c = await newTenant('c')
    for (const { id } of [a, b, c]) await putTrace(id, {}, 100 * DAY)
    const both = scopeOf(identityOf(a.id, 'admin', { allowedTenants: [b.id, 'no-such-tenant'] }))
    expect(await retentionStats(both, false)).toMatchObject({
      stats: { total_policies: 0, avg_retention_days: 0, tenants_needing_cleanup: 2 },
    })
    const reply = await enforce(both, {}, false)
    expect(reply.results?.map(({ tenant_id: id }) => id)).toEqual([a.id, b.id])
    expect(reply.total_deleted).toBe(2)
    expect(reply.result).toBeUndefined()
    expect(await idsOf(c)).toHaveLength(1)
    expect(await certificates(b)).toHaveLength(1)
    const owner = `key:${a.id}`
    await systemWrite(({ client }) => client.tenant.update({ where: { id: c.id }, data: { createdBy: owner } }))
    const maker = scopeOf(identityOf(a.id, 'admin', { allowedTenants: [], createsTenantsAs: owner }))
    expect((await enforce(maker, {}, false)).results?.map(({ tenant_id: id }) => id)).toEqual([a.id, c.id])
  })

  it('is shut to identities that are limited to workspaces', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['one'] }))
    const refused = { code: 'workspace_access_denied' }
    await expect(enforce(fenced, {}, true)).rejects.toMatchObject(refused)
    await expect(setPolicy(fenced, { retention_days: 1 })).rejects.toMatchObject(refused)
    await expect(retentionStats(fenced, true)).rejects.toMatchObject(refused)
    await expect(previewPolicy(fenced, {})).rejects.toMatchObject(refused)
  })
})
