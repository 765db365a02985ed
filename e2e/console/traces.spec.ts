import type { APIRequestContext } from 'playwright/test'
import { expect, test } from '../fixtures/test'

const SECRET = 'the customer is called Wilhelmina'

const runOf = async (api: APIRequestContext, steps: readonly object[]): Promise<string> => {
  const message = `${SECRET}\ndemo: ${JSON.stringify(steps)}`
  const reply = await api.post('/api/agents/stream', {
    data: { user_id: 'spec', session_key: 'user:spec:agent', message },
  })
  await reply.body()
  return reply.headers()['x-trace-id'] ?? ''
}

const CALLS = [
  { toolCalls: [{ name: 'task_list' }, { name: 'launch_missiles', arguments: { at: 'dawn' } }] },
  { text: 'Nothing was launched.' },
]

for (const who of ['viewer', 'operator', 'release_manager'] as const)
  test(`${who} sees what a run did, and that its texts are withheld`, async ({ ops, page, api }) => {
    const id = await runOf(api, CALLS)
    await ops.signIn(who).open(`/ops/traces/${id}`)
    await expect(page.getByText('Succeeded').first()).toBeVisible()
    await expect(page.getByText('Prompt, message, answer and payloads are withheld')).toBeVisible()
    const steps = page.getByRole('region', { name: /steps$/ }).getByRole('listitem')
    await expect(steps.filter({ hasText: '[withheld]' }).first()).toContainText('Refused')
    await expect(steps.filter({ hasText: 'task_list' }).last()).toContainText('Succeeded')
    await expect(page.getByText('Demo model', { exact: true }).first()).toBeVisible()
    expect(await page.content()).not.toContain('Wilhelmina')
    for (const word of ['launch_missiles', 'dawn']) expect(await page.content()).not.toContain(word)
    await expect(page.getByRole('link', { name: 'Audit rows' })).toHaveCount(who === 'viewer' ? 0 : 1)
  })

test('an administrator sees texts and payloads, and leaves a row by it', async ({ ops, page, api }) => {
  const id = await runOf(api, CALLS)
  await ops.signIn('admin').open(`/ops/traces/${id}`)
  await expect(page.getByText(SECRET)).toBeVisible()
  await page.getByRole('tab', { name: 'Answer' }).click()
  await expect(page.getByText('Nothing was launched.')).toBeVisible()
  await page.getByRole('tab', { name: 'System prompt' }).click()
  await expect(page.getByText('As the model saw it, after redaction')).toBeVisible()
  await expect(page.getByText('launch_missiles').first()).toBeVisible()
  await page.locator('summary', { hasText: 'Arguments' }).last().click()
  await expect(page.getByText('"at": "dawn"')).toBeVisible()
  await page.getByRole('link', { name: 'Audit rows' }).click()
  await expect(page).toHaveURL(new RegExp(`/ops/audit\\?trace_id=${id}`))
  await expect(page.getByRole('row', { name: /revealed/i })).toHaveCount(1)
})

test('a run that failed says why, with each attempt', async ({ ops, page, api }) => {
  const id = await runOf(api, [{ fails: 'bad_request' }])
  await ops.signIn('viewer').open(`/ops/traces/${id}`)
  await expect(page.getByRole('region', { name: 'Error' })).toContainText('provider_error')
  await expect(page.getByText('Bad request').first()).toBeVisible()
})

test('what does not exist, and what is somebody else’s, is the same 404', async ({ ops, page, api, errors }) => {
  errors.expectSome(/404 \(Not Found\)/)
  const id = await runOf(api, [{ text: 'mine' }])
  await ops.signIn('other_tenant').open('/ops')
  for (const unknown of [id, '01930000-0000-7000-8000-00000000dead', 'no-id']) {
    const reply = await page.goto(`/ops/traces/${unknown}`)
    expect(reply?.status()).toBe(404)
    await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
  }
})

test('without a session one comes back to the trace after signing in', async ({ page }) => {
  const reply = await page.request.get('/ops/traces/01930000-0000-7000-8000-00000000dead', { maxRedirects: 0 })
  expect(reply.status()).toBe(307)
  expect(reply.headers()['location']).toBe(
    '/ops/sign-in?callback_url=%2Fops%2Ftraces%2F01930000-0000-7000-8000-00000000dead',
  )
})
