import { generateKeyPairSync } from 'node:crypto'
import type { APIRequestContext, Page } from 'playwright/test'
import { ownName } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

const CAPABILITIES = ['files.read', 'files.write']

const rowOf = (page: Page, name: string) => page.locator('tr[data-row]').filter({ hasText: name })
const panel = (page: Page, name: string) => page.getByRole('complementary', { name })

const jwk = () => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })

/** A probe token of the person whose page this is: with it the test is an external agent. */
const agentOf = async (page: Page, api: APIRequestContext, id: string) => {
  const reply = await page.request.get(
    `/ops/api/adapter-probe-token?adapter_id=${id}&capabilities=${CAPABILITIES.join(',')}`,
  )
  const { token, tenant_id, workspace_id } = await reply.json()
  const ask = async (path: string, data: object) => {
    const answer = await api.post(path, { data, headers: { 'x-adapter-token': token, 'x-agent-daemon-key': '' } })
    return { status: answer.status(), body: await answer.json() }
  }
  return { ask, place: { tenant_id, workspace_id, adapter_id: id } }
}

const registered = async (page: Page, api: APIRequestContext, id: string) => {
  const agent = await agentOf(page, api, id)
  const { status } = await agent.ask('/adapters/register', {
    ...{ adapter_id: id, display_name: `Coder ${id}`, risk_class: 'medium', version: '1.2.0' },
    ...{ capabilities: CAPABILITIES, tool_capabilities: ['file_read', 'file_write'] },
  })
  expect(status).toBe(200)
  return agent
}

test('a release manager sees an agent, what it asked, gives it a key, and takes its rights away', async ({
  ops,
  page,
  api,
}) => {
  const id = ownName()
  await ops.signIn('release_manager').open('/ops/agents')
  const agent = await registered(page, api, id)
  const asked = { ...agent.place, requested_capabilities: ['files.read'], tool_count: 1 }
  const refused = await agent.ask('/api/execution/request', asked)
  expect(refused.body.allowed).toBe(false)
  const policy = `agent-${id}`
  await api.post('/api/policies', {
    data: { policy_id: policy, subject: { type: 'adapter', name: id }, effect: { decision: 'allow' }, precedence: 10 },
  })
  const allowed = await agent.ask('/api/execution/request', asked)
  expect(allowed.body.allowed).toBe(true)
  await agent.ask('/api/governance/tool/authorize', {
    ...{ execution_id: allowed.body.execution_id, adapter_id: id, tool: 'file_read' },
    requested_scope: { capabilities: ['files.read'] },
  })
  await page.goto('/ops/agents')
  await rowOf(page, id).locator('[data-row-link]').click()
  const beside = panel(page, `Coder ${id}`)
  for (const fact of ['1.2.0', 'files.read', 'file_write', 'None: the mode decides'])
    await expect(beside).toContainText(fact)
  await beside.getByRole('tab', { name: 'Executions' }).click()
  await expect(beside.getByRole('listitem').filter({ hasText: allowed.body.execution_id })).toContainText('Allowed')
  await beside.getByRole('button', { name: 'Evidence' }).first().click()
  await expect(beside.getByRole('region', { name: 'Seen here' })).toBeVisible()
  await expect(beside.getByRole('region', { name: 'Told by the agent' })).toContainText('Nothing')
  await beside.getByRole('tab', { name: 'Tools' }).click()
  await expect(beside.getByRole('listitem').first()).toContainText('file_read')

  await beside.getByRole('tab', { name: 'Keys' }).click()
  await beside.getByRole('button', { name: 'Add a key…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Public key').fill('{"kty":"OKP"}')
  await expect(dialog.getByRole('button', { name: 'Add the key' })).toBeDisabled()
  await dialog.getByLabel('Public key').fill(JSON.stringify({ ...jwk(), d: 'secret' }))
  await expect(dialog).toContainText('it carries a private part')
  await dialog.getByLabel('Public key').fill(JSON.stringify(jwk()))
  await dialog.getByRole('button', { name: 'Add the key' }).click()
  await expect(beside.getByRole('listitem')).toContainText('Valid')
  await beside.getByRole('button', { name: 'Revoke…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }).click()
  await expect(beside.getByRole('listitem')).toContainText('Revoked')

  await beside.getByRole('button', { name: 'Disable…' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('It reads what it should not')
  await page.getByRole('dialog').getByRole('button', { name: 'Disable', exact: true }).click()
  await expect(beside).toContainText('Everything that it asks is refused')
  const after = await agent.ask('/api/execution/request', asked)
  expect(after.body.allowed ?? false).toBe(false)
  await beside.getByRole('button', { name: 'Enable…' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('It was mended')
  await page.getByRole('dialog').getByRole('button', { name: 'Enable', exact: true }).click()
  await expect(beside.getByRole('button', { name: 'Disable…' })).toBeVisible()
  await api.delete(`/api/policies/${policy}`)
})

test('a probe token is shown once, and works as it stands', async ({ ops, page, api }) => {
  await ops.signIn('release_manager').open('/ops/agents')
  await page.getByRole('button', { name: 'Probe token…' }).first().click()
  const dialog = page.getByRole('dialog')
  const id = ownName()
  await dialog.getByLabel('Agent id').fill(id)
  await dialog.getByRole('button', { name: 'Make a token' }).click()
  await expect(dialog).toContainText('It is shown once')
  const token = (await dialog.locator('pre').first().textContent())?.trim() ?? ''
  const posture = await api.get('/api/adapter/posture', {
    headers: { 'x-adapter-token': token, 'x-agent-daemon-key': '' },
  })
  expect([200, 403, 404]).toContain(posture.status())
  expect(posture.status()).not.toBe(401)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(dialog).toHaveCount(0)
})

test('an operator reads, and has no way to change', async ({ ops, page, api }) => {
  const id = ownName()
  await ops.signIn('release_manager').open('/ops/agents')
  await registered(page, api, id)
  await ops.signIn('operator').open('/ops/agents')
  await expect(page.getByRole('button', { name: 'Probe token…' })).toHaveCount(0)
  await rowOf(page, id).locator('[data-row-link]').click()
  const beside = panel(page, `Coder ${id}`)
  await expect(beside).toContainText('To switch it on or off one needs to be a release manager or above')
  await beside.getByRole('tab', { name: 'Keys' }).click()
  await expect(beside).toContainText('To add or revoke keys one needs to be a release manager or above')
  await expect(beside.getByRole('button', { name: /Disable|Add a key/ })).toHaveCount(0)
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })
      test('looks as it should', async ({ ops, page, api }, info) => {
        const id = ownName()
        const shot = (name: string) =>
          page.screenshot({ path: info.outputPath(`${name}-${colorScheme}-${width}.png`), fullPage: width > 400 })
        await ops.signIn('release_manager').open('/ops/agents')
        await registered(page, api, id)
        await page.goto('/ops/agents')
        await expect(rowOf(page, id)).toBeVisible()
        await shot('agents')
        await page.goto(`/ops/agents?peek=${id}`)
        await expect(page.getByRole('tab', { name: 'Facts' })).toBeVisible()
        await shot('agent')
      })
    })
