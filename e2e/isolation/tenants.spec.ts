import { expect, test } from '../fixtures/test'

// What one tenant leaves behind is nowhere on the screens or in the replies of another.
const CANARY = 'canary of acme 7c1f'

test.beforeAll(async ({ site }) => {
  const reply = await fetch(`${site.url}/keys`, {
    method: 'POST',
    headers: { 'x-agent-daemon-key': site.serviceKey, 'content-type': 'application/json' },
    body: JSON.stringify({ name: CANARY, scopes: ['read'], expires_in_days: 1 }),
  })
  expect(reply.status).toBe(201)
})

const SCREENS = [
  '/ops',
  '/ops/traces',
  '/ops/sessions',
  '/ops/stats',
  '/ops/ingest',
  '/ops/audit',
  '/ops/keys',
  '/ops/skills',
  '/ops/evals',
  '/ops/evals/datasets',
  '/ops/evals/queue',
  '/ops/system',
]

test('the tenant itself sees its own key', async ({ ops }) => {
  const page = await ops.signIn('admin').open('/ops/keys')
  await expect(page.getByText(CANARY).first()).toBeVisible()
})

for (const screen of SCREENS) {
  test(`a foreign admin finds nothing of it on ${screen}`, async ({ ops }) => {
    const page = await ops.signIn('other_tenant').open(screen)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await page.content()).not.toContain(CANARY)
    expect(await page.content()).not.toContain('Acme Support')
  })
}

test('naming the tenant does not open it', async ({ ops }) => {
  const page = await ops.signIn('other_tenant').open('/ops')
  for (const path of [
    '/ops/api/audit?tenant_id=acme',
    '/ops/api/audit/1?tenant_id=acme',
    '/ops/api/audit/head?tenant_id=acme',
    '/ops/api/jobs?tenant_id=acme',
  ]) {
    const reply = await page.request.get(path)
    expect([path, reply.status()]).toEqual([path, 403])
    expect(await reply.text()).not.toContain(CANARY)
  }
  const keys = await page.request.get('/ops/api/keys', { headers: { 'x-tenant-id': 'acme' } })
  expect(keys.status()).toBe(403)
})

test('an admin who is allowed in both acts in one at a time', async ({ ops, site }) => {
  const page = await ops.signIn('two_tenants').open('/ops')
  const origin = { origin: site.url }
  const keysHere = async () => JSON.stringify(await (await page.request.get('/ops/api/keys')).json())
  expect(await keysHere()).toContain(CANARY)
  const moved = await page.request.post('/ops/api/session/tenant', { headers: origin, data: { tenant_id: 'globex' } })
  expect(moved.status()).toBe(200)
  await expect.poll(keysHere).not.toContain(CANARY)
  expect(
    (await page.request.post('/ops/api/session/tenant', { headers: origin, data: { tenant_id: 'nobody' } })).status(),
  ).toBe(403)
  await page.request.post('/ops/api/session/tenant', { headers: origin, data: { tenant_id: 'acme' } })
  await expect.poll(keysHere).toContain(CANARY)
})
