import { expect, test } from '../fixtures/test'

for (const who of ['operator', 'release_manager', 'admin'] as const)
  test(`${who} sees whether agents can run`, async ({ ops, page }) => {
    await ops.signIn(who).open('/ops/health')
    await expect(page.getByRole('region', { name: 'Status' })).toContainText('The demo model answers')
    const models = page.getByRole('region', { name: 'Models' })
    await expect(models.getByText('demo/clasper-demo').first()).toBeVisible()
    await expect(models.getByText('Demo model').first()).toBeVisible()
    await expect(page.getByRole('region', { name: 'Workspace' })).toContainText('SOUL.md')
    await expect(page.getByRole('region', { name: 'Skills' })).toContainText(/All \d+ are on|of \d+ are on/)
  })

test('the backend is asked when somebody wants to know', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/health')
  const backend = page.getByRole('region', { name: 'Backend' })
  await expect(backend.getByText('Not checked')).toBeVisible()
  await backend.getByRole('button', { name: 'Check now' }).click()
  await expect(backend.getByText('Healthy')).toBeVisible()
  await expect(backend.getByText(/compatible$/)).toBeVisible()
  await expect(backend.getByText(/^In .*ms/)).toBeVisible()
})

test('a failed run is counted and leads to its trace', async ({ ops, page, api }) => {
  const reply = await api.post('/api/agents/stream', {
    data: { user_id: 'spec', session_key: 'user:spec:agent', message: 'demo: [{"fails":"auth"}]' },
  })
  expect(reply.status()).toBe(502)
  const id = reply.headers()['x-trace-id'] ?? ''
  await ops.signIn('operator').open('/ops/health')
  const runs = page.getByRole('region', { name: 'Recent runs' })
  await expect(runs).toContainText(/failed in the last hour/)
  await runs.locator(`a[href="/ops/traces/${id}"]`).click()
  await expect(page.getByRole('region', { name: 'Error' })).toContainText('provider_error')
})

test('a key hears the details, a stranger the states, of the same health', async ({ api, playwright, site }) => {
  const told = await (await api.get('/health?deep=true')).json()
  expect(told).toMatchObject({ status: 'ok', backend: { status: 'ok' }, config: { model: 'demo/clasper-demo' } })
  const stranger = await playwright.request.newContext({ baseURL: site.url })
  const heard = await (await stranger.get('/health?deep=true')).json()
  expect(heard).toMatchObject({ status: 'ok', backend: { status: 'ok' } })
  expect(heard.backend).toEqual({ status: 'ok' })
  await stranger.dispose()
})
