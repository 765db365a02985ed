import { afterAll, beforeEach, expect, it } from 'vitest'
import * as closing from '@/app/ops/api/break-glass/[id]/close/route'
import * as glass from '@/app/ops/api/break-glass/route'
import * as jobs from '@/app/ops/api/jobs/[id]/discard/route'
import * as me from '@/app/ops/api/me/route'
import * as reveal from '@/app/ops/api/traces/[id]/reveal/route'
import * as traces from '@/app/ops/api/traces/[id]/route'
import { fixedClock, systemClock } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { startIssuer } from '@/lib/core/testing/issuer'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { putTrace } from '@/lib/core/testing/sample-trace'
import type { Role } from '@/lib/shared/rbac'
import { BreakGlassWish } from '../contract/receipt'
import { acknowledgeReceipt } from './acknowledge-receipt'
import { openBreakGlass } from './open-break-glass'

type Handler = (request: Request, context?: { params: Record<string, string> }) => Promise<Response>
type Body = Record<string, unknown> & { receipt: Record<string, unknown> & { id: string } }

const HOOK = 'https://alarm.example/hook'
const WISH = {
  permissions: ['trace:reveal'],
  reason_code: 'incident_response',
  justification: 'the agent loops',
  minutes: 10,
}
const MINUTE = 60_000

const issuer = await startIssuer()
afterAll(() => issuer.close())

describeEachDialect('break-glass', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, {
    clock,
    env: {
      ...issuer.env,
      CLASPER_BREAK_GLASS_WEBHOOK_URL: HOOK,
      CLASPER_BREAK_GLASS_WEBHOOK_SECRET: 'w'.repeat(32),
    },
  })
  beforeEach(() => clock.set(systemClock.now()))

  const caller = async (tenant: TestTenant, role: Role, name: string = role) => {
    const token = await issuer.token({ sub: `${name}@x`, tenant_id: tenant.id, roles: [role] })
    return async (handler: Handler, body?: object, params: Record<string, string> = {}) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
      const reply = await handler(new Request('http://127.0.0.1/', init), { params })
      return { status: reply.status, body: (await reply.json()) as Body }
    }
  }
  type Caller = Awaited<ReturnType<typeof caller>>
  const secret = (tenant: TestTenant) =>
    putTrace(tenant.id, { inputs: { message: 'the colour is blue' }, outcome: { message: 'indeed' } })
  const why = { reason_code: 'incident_response', justification: 'to see what was said' }
  const show = (who: Caller, id: string) => who(reveal.POST, why, { id })
  const payloads = async (tenant: TestTenant, event: string) => {
    const rows = await systemDb().auditEntry.findMany({ where: { tenantId: tenant.id, eventType: event } })
    const where = { tenantId: tenant.id, seq: { in: rows.map(({ seq }) => seq) } }
    return (await systemDb().auditPayload.findMany({ where })).map(({ data }) => JSON.parse(data ?? '{}') as object)
  }

  it('opens what was named until its minute, and everything done in it carries its id', async () => {
    const tenant = await newTenant()
    const rosa = await caller(tenant, 'release_manager')
    const trace = await secret(tenant)
    expect(await show(rosa, trace)).toMatchObject({ status: 403, body: { code: 'permission_denied' } })
    const { status, body } = await rosa(glass.POST, WISH)
    expect([status, body.receipt]).toEqual([
      200,
      expect.objectContaining({
        kind: 'break_glass',
        state: 'open',
        is_window_open: true,
        permissions: ['trace:reveal'],
      }),
    ])
    const { id } = body.receipt
    expect(await show(rosa, trace)).toMatchObject({
      status: 200,
      body: { trace: { input: { message: 'the colour is blue' } } },
    })
    expect(await rosa(me.GET)).toMatchObject({ body: { break_glass: { id, permissions: ['trace:reveal'] } } })
    expect(await payloads(tenant, 'trace_revealed')).toEqual([
      expect.objectContaining({ break_glass_id: id, by: 'reveal' }),
    ])
    const receipts = await systemDb().receipt.findMany({ where: { tenantId: tenant.id, kind: 'reveal' } })
    expect(receipts).toMatchObject([{ targetId: trace, data: { break_glass_id: id, trace_id: trace }, dueAt: null }])
    clock.advance(10 * MINUTE - 1)
    expect((await show(rosa, trace)).status).toBe(200)
    clock.advance(1)
    expect((await show(rosa, trace)).status).toBe(403)
    expect(await rosa(me.GET)).toMatchObject({ body: { break_glass: null } })
  })

  it('never reads a text without a reason: plain reading stays withheld in a window', async () => {
    const tenant = await newTenant()
    const rosa = await caller(tenant, 'release_manager')
    const trace = await secret(tenant)
    await rosa(glass.POST, WISH)
    const { status, body } = await rosa(traces.GET, undefined, { id: trace })
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain('blue')
    expect(await payloads(tenant, 'trace_revealed')).toEqual([])
  })

  it('gives nothing beyond what was named, to nobody else and in no other tenant', async () => {
    const [tenant, other] = [await newTenant('a'), await newTenant('b')]
    const [trace, foreign] = [await secret(tenant), await secret(other)]
    const rosa = await caller(tenant, 'release_manager')
    await rosa(glass.POST, WISH)
    expect((await rosa(jobs.POST, {}, { id: trace })).status).toBe(403)
    expect((await show(rosa, foreign)).status).toBe(404)
    const namesake = await caller(other, 'release_manager')
    expect((await show(namesake, foreign)).status).toBe(403)
    const lowered = await caller(tenant, 'operator', 'release_manager')
    expect((await show(lowered, trace)).status).toBe(403)
  })

  it('ends at once when it is closed, also by another process, and only once', async () => {
    const tenant = await newTenant()
    const rosa = await caller(tenant, 'release_manager')
    const trace = await secret(tenant)
    const first = (await rosa(glass.POST, WISH)).body.receipt.id
    expect((await show(rosa, trace)).status).toBe(200)
    const ada = await caller(tenant, 'admin')
    expect(await ada(closing.POST, {}, { id: first })).toMatchObject({
      status: 200,
      body: { receipt: { is_window_open: false } },
    })
    expect((await show(rosa, trace)).status).toBe(403)
    expect(await rosa(closing.POST, {}, { id: first })).toMatchObject({
      status: 409,
      body: { code: 'already_resolved' },
    })
    expect(await payloads(tenant, 'break_glass_closed')).toHaveLength(1)
    const second = (await rosa(glass.POST, WISH)).body.receipt.id
    expect((await show(rosa, trace)).status).toBe(200)
    await systemWrite(({ client }) =>
      client.receipt.updateMany({ where: { tenantId: tenant.id, id: second }, data: { closedAt: clock.now() } }),
    )
    expect((await show(rosa, trace)).status).toBe(403)
    const stranger = await caller(await newTenant('b'), 'admin')
    expect(await stranger(closing.POST, {}, { id: second })).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('is one at a time and person, however many clicks come at once', async () => {
    const tenant = await newTenant()
    const rosa = await caller(tenant, 'release_manager')
    const replies = await Promise.all(Array.from({ length: 12 }, () => rosa(glass.POST, WISH)))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 11 }, () => 409)])
    expect(await systemDb().receipt.count({ where: { tenantId: tenant.id } })).toBe(1)
    expect(await payloads(tenant, 'break_glass_opened')).toHaveLength(1)
    clock.advance(10 * MINUTE)
    expect((await rosa(glass.POST, WISH)).status).toBe(200)
  })

  it('is not opened again and again for days: one that nobody has looked at in time is the last', async () => {
    const tenant = await newTenant()
    const [rosa, rolf] = ['rosa', 'rolf'].map(
      (name) => () => scopeOf(identityOf(tenant.id, 'release_manager', { userId: name, actor: `user:${name}` })),
    )
    if (!rosa || !rolf) throw new Error('two people')
    const wish = BreakGlassWish.parse(WISH)
    const { id } = (await openBreakGlass(rosa(), wish)).receipt
    clock.advance(23 * 60 * MINUTE)
    await openBreakGlass(rosa(), wish)
    clock.advance(61 * MINUTE)
    await expect(openBreakGlass(rosa(), wish)).rejects.toMatchObject({ code: 'permission_denied', details: { id } })
    await expect(acknowledgeReceipt(rosa(), id, {})).rejects.toMatchObject({ code: 'permission_denied' })
    await openBreakGlass(rolf(), wish)
    await acknowledgeReceipt(rolf(), id, {})
    await openBreakGlass(rosa(), wish)
  })

  it('refuses what is never opened, what is held, what is too long and what gives no reason', async () => {
    const tenant = await newTenant()
    const rosa = await caller(tenant, 'release_manager')
    const ada = await caller(tenant, 'admin')
    const omar = await caller(tenant, 'operator')
    for (const permission of ['tenant:manage', 'key:manage', 'override:use', 'policy:manage'])
      expect(await rosa(glass.POST, { ...WISH, permissions: ['trace:reveal', permission] })).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      })
    for (const bad of [
      { minutes: 61 },
      { minutes: 0 },
      { minutes: 1.5 },
      { permissions: [] },
      { permissions: ['root'] },
    ])
      expect((await rosa(glass.POST, { ...WISH, ...bad })).status).toBe(400)
    for (const bad of [{ justification: '   short    ' }, { reason_code: 'fun' }])
      expect((await rosa(glass.POST, { ...WISH, ...bad })).status).toBe(400)
    expect((await ada(glass.POST, WISH)).status).toBe(400)
    expect((await omar(glass.POST, WISH)).status).toBe(403)
    expect(await systemDb().receipt.count({ where: { tenantId: tenant.id } })).toBe(0)
  })

  it('tells the administrators in the same commit: audit, live event and the signed webhook', async () => {
    const tenant = await newTenant()
    const rosa = await caller(tenant, 'release_manager')
    const { id } = (await rosa(glass.POST, WISH)).body.receipt
    const where = { tenantId: tenant.id }
    expect(await payloads(tenant, 'break_glass_opened')).toEqual([
      expect.objectContaining({ entity_id: id, break_glass_id: id, permissions: ['trace:reveal'], minutes: 10 }),
    ])
    expect(await systemDb().outboxEvent.findMany({ where: { ...where, topic: 'break_glass.opened' } })).toMatchObject([
      { payload: { receipt_id: id, permissions: ['trace:reveal'], reason_code: 'incident_response' } },
    ])
    const [hook] = await systemDb().webhookDelivery.findMany({ where })
    expect(hook).toMatchObject({ event: 'break_glass.opened', url: HOOK, state: 'queued' })
    expect(JSON.parse(hook?.body ?? '')).toMatchObject({ break_glass_id: id, tenant_id: tenant.id })
  })

  it('says what one could open: what the role lacks, without what is never opened', async () => {
    const tenant = await newTenant()
    const [rosa, ada] = [await caller(tenant, 'release_manager'), await caller(tenant, 'admin')]
    const openable = async (who: Caller) =>
      ((await who(glass.GET)).body['openable'] as { permission: string }[]).map(({ permission }) => permission).sort()
    const before = await openable(rosa)
    expect(before).toEqual(['job:manage', 'skill:promote', 'trace:reveal', 'workspace:lock'])
    await rosa(glass.POST, WISH)
    expect(await openable(rosa)).toEqual(before)
    expect(await openable(ada)).toEqual([])
    expect((await ada(glass.GET)).body['windows']).toHaveLength(1)
  })
})
