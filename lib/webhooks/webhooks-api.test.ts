import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'
import { opsListWebhooks, opsRetryWebhook, WebhookDetail, WebhookPage } from './contract'
import { assertDeliverable, getWebhook, listWebhooks, retryWebhook, webhookWrites } from './index'
import { signatureHeaders } from './signature'
import { shownUrl } from './target'

const page = { limit: 50, offset: 0 }
const CANARY = 'canary of an answer'

const put = async (tenant: TestTenant, state = 'queued', data: { sealed?: null } = {}): Promise<string> => {
  const { id, writes } = await webhookWrites(tenant.scope, {
    traceId: null,
    event: 'agent.completed',
    url: 'https://hooks.example.com/in',
    secret: 's3cret',
    payload: { response: CANARY },
  })
  await tenant.scope.command({ audit: [], writes })
  await systemWrite(({ client }) => client.webhookDelivery.updateMany({ where: { id }, data: { state, ...data } }))
  return id
}

describeEachDialect('webhooks for operators', (dialect) => {
  useKernel(dialect)

  it('lists those of the tenant by state, newest first', async () => {
    const [a, b] = await twoTenants()
    await put(b, 'dead')
    const ids = [await put(a, 'delivered'), await put(a, 'dead'), await put(a)]
    const all = await listWebhooks(a.scope, page)
    expect(WebhookPage.parse(all)).toEqual(all)
    expect(all.webhooks.map(({ id }) => id)).toEqual([...ids].reverse())
    expect(all.counts).toEqual({ queued: 1, delivered: 1, dead: 1 })
    expect(await listWebhooks(a.scope, { ...page, state: 'dead' })).toMatchObject({
      total: 1,
      webhooks: [{ id: ids[1] }],
    })
    expect(await listWebhooks(a.scope, { ...page, limit: 2 })).toMatchObject({ total: 3, has_more: true })
    const other = uuidv7(kernel().clock.now().getTime())
    expect(await listWebhooks(a.scope, { ...page, trace_id: other })).toMatchObject({ total: 0, webhooks: [] })
  })

  it('shows each attempt and when the next one is, and never what is told', async () => {
    const tenant = await newTenant()
    const id = await put(tenant)
    const at = new Date('2026-03-01T12:00:00Z')
    await systemWrite(({ client }) =>
      client.webhookAttempt.create({
        data: { tenantId: tenant.id, deliveryId: id, attempt: 1, at, durationMs: 12, status: 500, error: 'no' },
      }),
    )
    const { webhook } = await getWebhook(tenant.scope, id)
    expect(WebhookDetail.parse(webhook)).toEqual(webhook)
    expect(webhook).toMatchObject({ can_retry: false, next_attempt_at: expect.any(String) })
    expect(webhook.tries).toEqual([
      { attempt: 1, at: '2026-03-01T12:00:00.000Z', duration_ms: 12, status: 500, error: 'no' },
    ])
    expect(JSON.stringify([webhook, await listWebhooks(tenant.scope, page)])).not.toMatch(/canary|s3cret/)
  })

  it('a dead one is delivered again, with proof of who wanted it', async () => {
    const tenant = await newTenant()
    const id = await put(tenant, 'dead')
    expect((await getWebhook(tenant.scope, id)).webhook.can_retry).toBe(true)
    await systemWrite(({ client }) =>
      client.job.updateMany({ where: { tenantId: tenant.id }, data: { status: 'dead' } }),
    )
    await systemWrite(({ client }) => client.webhookDelivery.updateMany({ where: { id }, data: { attempts: 6 } }))
    const woken: unknown[] = []
    const off = kernel().bus.on('job-queued', (news) => woken.push(news))
    expect(await retryWebhook(tenant.scope, id)).toMatchObject({
      status: 'ok',
      webhook: { state: 'queued', attempts: 6 },
    })
    off()
    expect(woken).toHaveLength(1)
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: id })
    expect(await systemDb().job.findMany({ where: { tenantId: tenant.id, status: 'queued' } })).toMatchObject([
      { kind: 'webhooks.deliver', payload: { id, after: 6 } },
    ])
    await expect(retryWebhook(tenant.scope, id)).rejects.toMatchObject({ code: 'already_resolved' })
  })

  it.each([
    ['delivered', {}, /Only a dead/],
    ['queued', {}, /Only a dead/],
    ['dead', { sealed: null }, /no longer held/],
  ] as const)('a %s one is left alone (%o)', async (state, data, message) => {
    const tenant = await newTenant()
    const id = await put(tenant, state, data)
    await expect(retryWebhook(tenant.scope, id)).rejects.toThrow(message)
    expect(await tenant.audits()).toEqual([])
  })

  it('that of another tenant does not exist', async () => {
    const [a, b] = await twoTenants()
    const id = await put(a, 'dead')
    await expect(getWebhook(b.scope, id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(retryWebhook(b.scope, id)).rejects.toMatchObject({ code: 'not_found' })
    expect(await listWebhooks(b.scope, page)).toMatchObject({ total: 0 })
    expect((await getWebhook(a.scope, id)).webhook.state).toBe('dead')
    expect(await b.audits()).toEqual([])
  })

  it('who is limited to workspaces sees none', async () => {
    const tenant = await newTenant()
    const id = await put(tenant, 'dead')
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['w'] }))
    for (const call of [listWebhooks(fenced, page), getWebhook(fenced, id), retryWebhook(fenced, id)])
      await expect(call).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })

  it('is asked for with the permissions of the jobs', () => {
    expect(opsListWebhooks.guard).toMatchObject({ permission: 'system:view' })
    expect(opsRetryWebhook.guard).toMatchObject({ permission: 'job:manage' })
  })

  it('refuses an address at once that could never be called', () => {
    for (const url of [
      'http://127.0.0.1/',
      'https://[::1]/',
      'http://localhost/',
      'ftp://x',
      'http://a:b@example.com/',
      '',
    ])
      expect(() => assertDeliverable(url)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
    expect(assertDeliverable('https://hooks.example.com/in?x=1')).toBeUndefined()
  })
})

it('an address is shown without what may be a key', () => {
  expect(shownUrl('https://me:pw@hooks.example.com:8443/services/T0AB12CD34EF/B9?key=1#x')).toBe(
    'https://hooks.example.com:8443/services/…/B9?…',
  )
  expect(shownUrl('nonsense')).toBe('(not an address)')
})

it('signs as Standard Webhooks does: the example of its specification', () => {
  const body = '{"test": 2432232314}'
  const headers = signatureHeaders(
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1614265330,
    body,
  )
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  expect(signatureHeaders(null, 'x', 1, body)).toEqual({ 'webhook-id': 'x', 'webhook-timestamp': '1' })
})
