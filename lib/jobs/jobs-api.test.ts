import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { enqueue } from '@/lib/core/outbox'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { JobPage, OverviewView, SystemView } from './contract'
import { discardJob, listJobs, overview, retryJob, systemView } from './index'
import { noteWorker } from './store'

const page = { limit: 50, offset: 0 }

const put = (tenant: TestTenant, kind: string, status = 'queued') =>
  tenant.scope.mutate({ event: 'config_change', entityId: kind }, async (db) => {
    const { id } = await enqueue(db, { kind, payload: {} })
    const lastError = status === 'dead' ? 'it broke' : null
    await db.job.updateMany({ where: { id }, data: { status, attempts: 5, lastError } })
    return id
  })

describeEachDialect('jobs for operators', (dialect) => {
  useKernel(dialect)

  it('lists the jobs of the tenant, newest first, with counts by state', async () => {
    const [a, b] = await twoTenants()
    await put(b, 'foreign', 'dead')
    for (const [kind, status] of [
      ['one', 'dead'],
      ['two', 'done'],
      ['three', 'queued'],
      ['one', 'dead'],
    ] as const)
      await put(a, kind, status)
    const all = await listJobs(a.scope, page)
    expect(JobPage.parse(all)).toEqual(all)
    expect(all.jobs.map(({ kind }) => kind)).toEqual(['one', 'three', 'two', 'one'])
    expect(all.counts).toEqual({ queued: 1, running: 0, done: 1, dead: 2, discarded: 0 })
    expect(await listJobs(a.scope, { ...page, status: 'dead', limit: 1 })).toMatchObject({ total: 2, has_more: true })
    expect(await listJobs(a.scope, { ...page, kind: 'two' })).toMatchObject({ total: 1, jobs: [{ kind: 'two' }] })
    expect(await listJobs(a.scope, { ...page, offset: 3 })).toMatchObject({ total: 4, has_more: false })
  })

  it('a dead job runs again, with proof of who wanted it', async () => {
    const tenant = await newTenant()
    const id = await put(tenant, 'broken', 'dead')
    const woken: unknown[] = []
    const off = kernel().bus.on('job-queued', (news) => woken.push(news))
    expect(await retryJob(tenant.scope, id)).toMatchObject({ status: 'ok', job: { status: 'queued', attempts: 0 } })
    off()
    expect(woken).toHaveLength(1)
    const [event] = await systemDb().outboxEvent.findMany({ where: { tenantId: tenant.id } })
    expect(event).toMatchObject({ topic: 'job.changed', payload: { id, kind: 'broken', status: 'queued' } })
    const entry = await tenant.lastAudit()
    expect(entry).toMatchObject({ eventType: 'config_change', entityId: id, actor: `user:admin@${tenant.id}` })
    const payload = await systemDb().auditPayload.findFirstOrThrow({
      where: { tenantId: tenant.id, seq: entry?.seq ?? 0n },
    })
    expect(JSON.parse(payload.data)).toMatchObject({ kind: 'job_retried', job: 'broken' })
  })

  it('a discarded job stays to be seen and cannot be retried', async () => {
    const tenant = await newTenant()
    const id = await put(tenant, 'hopeless', 'dead')
    expect(await discardJob(tenant.scope, id)).toMatchObject({ job: { status: 'discarded', last_error: 'it broke' } })
    const before = await tenant.audits()
    await expect(retryJob(tenant.scope, id)).rejects.toMatchObject({ code: 'already_resolved' })
    await expect(discardJob(tenant.scope, id)).rejects.toMatchObject({ code: 'already_resolved' })
    expect(await tenant.audits()).toEqual(before)
  })

  it.each(['queued', 'running', 'done'])('a %s job is left alone', async (status) => {
    const tenant = await newTenant()
    const id = await put(tenant, 'busy', status)
    await expect(retryJob(tenant.scope, id)).rejects.toMatchObject({ code: 'already_resolved' })
    expect((await listJobs(tenant.scope, page)).jobs).toMatchObject([{ status, attempts: 5 }])
  })

  it('the job of another tenant does not exist', async () => {
    const [a, b] = await twoTenants()
    const id = await put(a, 'mine', 'dead')
    await expect(retryJob(b.scope, id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(discardJob(b.scope, id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await listJobs(a.scope, page)).jobs).toMatchObject([{ status: 'dead' }])
    expect(await b.audits()).toEqual([])
  })

  it('the system view tells facts, and the state of the tenant alone', async () => {
    const [a, b] = await twoTenants()
    await put(b, 'foreign', 'dead')
    await noteWorker(kernel().clock.now())
    const view = await systemView(a.scope)
    expect(SystemView.parse(view)).toEqual(view)
    expect(view.database).toMatchObject({ engine: dialect, version: expect.stringMatching(/^\d+\.\d+/) })
    expect(view.database.size_bytes).toBeGreaterThan(10_000)
    expect(view.migrations.length).toBeGreaterThan(2)
    expect(view.migrations.filter(({ applied_at }) => applied_at === null)).toEqual([])
    expect(Object.fromEntries(view.checks.map(({ name, status }) => [name, status]))).toEqual({
      database: 'ok',
      migrations: 'ok',
      worker: 'ok',
      jobs: 'ok',
      'sign-in': 'off',
    })
    expect(JSON.stringify(view)).not.toContain(process.cwd())
  })

  it('the overview says what is wrong, and nothing of other tenants', async () => {
    const [a, b] = await twoTenants()
    await noteWorker(kernel().clock.now())
    await put(a, 'broken', 'dead')
    const view = await overview(a.scope)
    expect(OverviewView.parse(view)).toEqual(view)
    expect(view).toMatchObject({ status: 'attention', jobs: { queued: 0, dead: 1 }, audit: { total: 1 } })
    expect(view.headlines.map(({ text }) => text)).toEqual(['1 job was given up'])
    expect(await overview(a.as('viewer'))).toMatchObject({ status: 'ok', is_partial: true, headlines: [], jobs: null })
    expect(await overview(b.scope)).toMatchObject({
      ...{ status: 'ok', is_partial: false, headlines: [], changes: [] },
      jobs: { queued: 0, dead: 0 },
    })
  })

  it('whoever is limited to workspaces sees no number and no row of other workspaces', async () => {
    const tenant = await newTenant()
    await noteWorker(kernel().clock.now())
    await put(tenant, 'broken', 'dead')
    for (const workspaceId of ['w1', 'w2', 'w2', "w'3"])
      await tenant.scope.mutate(
        { event: 'config_change', entityId: workspaceId, workspaceId, data: { kind: 'environment' } },
        async () => undefined,
      )
    const fencedBy = (workspaceIds: string[]) => scopeOf(identityOf(tenant.id, 'operator', { workspaceIds }))
    const view = await overview(fencedBy(['w1']))
    expect(OverviewView.parse(view)).toEqual(view)
    expect(view).toMatchObject({
      ...{ status: 'ok', is_partial: true, headlines: [], jobs: null, webhooks: null },
      audit: { total: 1, last_checkpoint_at: null },
    })
    expect(view.changes.map((row) => row.workspace_id)).toEqual(['w1'])
    expect((await overview(fencedBy(['w1', "w'3"]))).changes).toHaveLength(2)
    expect(await overview(fencedBy([]))).toMatchObject({ audit: { total: 0 }, changes: [] })
    const whole = await overview(tenant.scope)
    expect(whole).toMatchObject({ audit: { total: 5 }, jobs: { dead: 1 } })
    expect(whole.changes).toHaveLength(4)
  })

  it('jobs have no workspace, so whoever is limited to some is shown none and changes none', async () => {
    const tenant = await newTenant()
    const id = await put(tenant, 'broken', 'dead')
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['w1'] }))
    for (const refused of [() => listJobs(fenced, page), () => retryJob(fenced, id), () => discardJob(fenced, id)])
      await expect(refused()).rejects.toMatchObject({ code: 'workspace_access_denied' })
    const check = (await systemView(fenced)).checks.find(({ name }) => name === 'jobs')
    expect(check).toMatchObject({ status: 'off', detail: 'not shown to whoever is limited to workspaces' })
    expect((await listJobs(tenant.scope, page)).jobs).toMatchObject([{ status: 'dead' }])
  })
})
