import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { POST as enforceRoute } from '@/app/(api)/retention/enforce/route'
import { GET as getRoute, POST as setRoute } from '@/app/(api)/retention/policy/route'
import { GET as statsRoute } from '@/app/(api)/retention/stats/route'
import { fixedClock } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { eraseUser, getPolicy, setPolicy } from './index'

const DAY = 86_400_000
const NOON = new Date('2026-03-01T12:00:00Z')
const KEY = 'k'.repeat(40)
const clock = fixedClock(NOON)
const env = {
  CLASPER_STATE_DIR: mkdtempSync(join(tmpdir(), 'clasper-retention-')),
  AGENT_DAEMON_API_KEY: KEY,
  CLASPER_DEFAULT_TENANT_ID: 'default',
  CLASPER_DAEMON_ALLOWED_TENANTS: 'second',
}

const ask = (path: string, body?: object | string, headers: Record<string, string> = {}) =>
  new Request(`http://127.0.0.1${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: {
      'x-agent-daemon-key': KEY,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  })

const json = async (reply: Promise<Response>) => {
  const got = await reply
  return { status: got.status, body: (await got.json()) as Record<string, unknown> }
}

describeEachDialect('the retention routes', (dialect) => {
  useKernel(dialect, { clock, env })

  it('set, show, enforce and count over the wire', async () => {
    await systemWrite(({ client }) =>
      client.tenant.createMany({
        data: ['default', 'second', 'third'].map((id) => ({ id, name: id, createdAt: NOON })),
      }),
    )
    for (const tenant of ['default', 'second', 'third']) await putTrace(tenant, {}, 100 * DAY)
    expect((await getRoute(ask('/retention/policy'))).status).toBe(404)
    const first = await json(setRoute(ask('/retention/policy', { sampling_strategy: 'sampled', legal_hold: false })))
    expect(first).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        policy: {
          tenant_id: 'default',
          retention_days: 90,
          retentionDays: 90,
          storage_mode: 'full',
          legal_hold: false,
        },
      },
    })
    const second = await json(setRoute(ask('/retention/policy', { retention_days: 30 })))
    expect(second.body['policy']).toMatchObject({ retention_days: 30, sampling_strategy: 'sampled' })
    expect((await json(getRoute(ask('/retention/policy')))).body['policy']).toEqual(second.body['policy'])

    const stats = await json(statsRoute(ask('/retention/stats')))
    expect(stats.body).toMatchObject({
      stats: { total_policies: 1, avg_retention_days: 30, avgRetentionDays: 30, tenants_needing_cleanup: 2 },
      total_policies: 1,
      tenants_by_strategy: { full: 0, sampled: 1, errors_only: 0 },
      tenants_needing_cleanup: [
        { tenant_id: 'default', old_trace_count: 1, retention_days: 30 },
        { tenant_id: 'second', old_trace_count: 1, retention_days: 90 },
      ],
    })

    const dry = await json(enforceRoute(ask('/retention/enforce', { dry_run: true })))
    expect(dry.body).toMatchObject({ status: 'ok', total_deleted: 2, results: [{ dry_run: true }, { dry_run: true }] })
    const named = await json(enforceRoute(ask('/retention/enforce', { tenant_id: 'second' })))
    expect(named.body).toMatchObject({ result: { tenant_id: 'second', traces_deleted: 1, tracesDeleted: 1 } })
    expect(named.body).not.toHaveProperty('results')
    const bare = new Request('http://127.0.0.1/retention/enforce', {
      method: 'POST',
      headers: { 'x-agent-daemon-key': KEY },
    })
    expect((await json(enforceRoute(bare))).body).toMatchObject({ total_deleted: 1, totalDeleted: 1 })
    expect(await systemDb().trace.count({ where: { tenantId: 'third' } })).toBe(1)
  })

  it.each([
    [{ retention_days: 0 }],
    [{ retention_days: 3651 }],
    [{ retention_days: 1.5 }],
    [{ retention_days: '30' }],
    [{ sampling_strategy: 'none' }],
    [{ storage_mode: 'tiny' }],
    [{ legal_hold: 'yes' }],
    [{ legal_hold: null }],
  ])('%j is refused', async (body) => {
    expect((await setRoute(ask('/retention/policy', body))).status).toBe(400)
  })

  it('a foreign tenant is refused by every way of naming it', async () => {
    expect((await enforceRoute(ask('/retention/enforce', { tenant_id: 'third' }))).status).toBe(403)
    expect((await enforceRoute(ask('/retention/enforce', {}, { 'x-tenant-id': 'third' }))).status).toBe(403)
    expect((await setRoute(ask('/retention/policy', { tenant_id: 'third', retention_days: 1 }))).status).toBe(403)
    expect((await getRoute(ask('/retention/policy?tenant_id=third'))).status).toBe(403)
    expect((await statsRoute(ask('/retention/stats?tenant_id=third'))).status).toBe(403)
    const headed = await json(enforceRoute(ask('/retention/enforce', {}, { 'x-tenant-id': 'second' })))
    expect(headed.body).toMatchObject({ result: { tenant_id: 'second' } })
  })
})

describeEachDialect('policies and erasure', (dialect) => {
  useKernel(dialect, { clock })

  it('a change leaves one row that says before and after', async () => {
    const tenant = await newTenant()
    await expect(getPolicy(tenant.scope)).rejects.toMatchObject({ code: 'not_found' })
    await setPolicy(tenant.scope, { retention_days: 7, justification: 'mail of ann@example.com' })
    const rows = await tenant.audits()
    expect(rows).toMatchObject([{ eventType: 'config_change', entityId: 'retention-policy' }])
    const payload = await systemDb().auditPayload.findFirst({ where: { tenantId: tenant.id } })
    expect(JSON.parse(payload?.data ?? '')).toMatchObject({
      kind: 'retention_policy',
      before: { retention_days: 90 },
      after: { retention_days: 7, sampling_strategy: 'full', storage_mode: 'full', legal_hold: false },
    })
    const both = [
      { retention_days: 8 },
      { storage_mode: 'summary' as const },
      { sampling_strategy: 'sampled' as const },
    ]
    await Promise.all(both.map((change) => setPolicy(tenant.scope, change)))
    expect((await getPolicy(tenant.scope)).policy).toMatchObject({
      retention_days: 8,
      storage_mode: 'summary',
      sampling_strategy: 'sampled',
    })
  })

  const ERASURE = { reason_code: 'data_subject_request', justification: 'asked for by letter' } as const

  it('erases one user, of this tenant alone, once, and proves it without the name', async () => {
    clock.set(NOON)
    const [tenant, other] = [await newTenant(), await newTenant()]
    const mine = await recordRun(tenant.scope, { userId: 'Ann Miller' })
    await recordRun(tenant.scope, { userId: 'ann miller' })
    await recordRun(other.scope, { userId: 'Ann Miller' })
    const { erased } = await eraseUser(tenant.scope, { user_id: 'Ann Miller', ...ERASURE })
    expect(erased).toMatchObject({ tenant_id: tenant.id, traces_deleted: 1, is_complete: true })
    expect(await systemDb().trace.count({ where: { tenantId: tenant.id } })).toBe(1)
    expect(await systemDb().trace.count({ where: { tenantId: other.id } })).toBe(1)
    expect(await systemDb().trace.count({ where: { id: mine } })).toBe(0)
    const rows = await systemDb().auditPayload.findMany({ where: { tenantId: tenant.id }, orderBy: { seq: 'asc' } })
    const last = JSON.parse(rows.at(-1)?.data ?? '') as object
    expect(last).toMatchObject({ kind: 'erasure', traces_deleted: 1, reason_code: 'data_subject_request' })
    expect(JSON.stringify(last)).not.toContain('Miller')
    expect((await eraseUser(tenant.scope, { user_id: 'Ann Miller', ...ERASURE })).erased.traces_deleted).toBe(0)
  })

  it('erases nothing under a legal hold', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    await recordRun(tenant.scope, { userId: 'ann' })
    await setPolicy(tenant.scope, { legal_hold: true })
    await expect(eraseUser(tenant.scope, { user_id: 'ann', ...ERASURE })).rejects.toMatchObject({ code: 'legal_hold' })
    expect(await systemDb().trace.count({ where: { tenantId: tenant.id } })).toBe(1)
  })
})
