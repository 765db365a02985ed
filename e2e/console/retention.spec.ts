import type { APIRequestContext } from 'playwright/test'
import { expect, test } from '../fixtures/test'

const run = async (api: APIRequestContext, user: string): Promise<string> => {
  const data = { user_id: user, session_key: `user:${user}:agent`, message: 'demo: [{"text":"Noted."}]' }
  const reply = await api.post('/api/agents/stream', { data })
  await reply.body()
  return reply.headers()['x-trace-id'] ?? ''
}

test.describe.configure({ mode: 'serial' })

test('an operator sees the rules and what they would do, and no way to change them', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/retention')
  await expect(page.getByText('Every trace is kept for 90 days, in full.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'What a pass would do now' })).toContainText('traces')
  await expect(page.getByText('To change the policy needs a release manager.')).toBeVisible()
  for (const name of ['Save policy', 'Apply now…', 'Set a hold', 'Erase a person…'])
    await expect(page.getByRole('button', { name })).toHaveCount(0)
})

test('settings show what they would do before they are saved', async ({ ops, page, api }) => {
  await run(api, 'kept')
  await ops.signIn('release_manager').open('/ops/retention')
  const days = page.getByLabel('Keep for days')
  const save = page.getByRole('button', { name: 'Save policy' })
  await expect(save).toBeDisabled()
  await days.fill('0')
  await expect(page.getByText('1 to 3650')).toBeVisible()
  await expect(save).toBeDisabled()
  await days.fill('60')
  await page.getByLabel('Keep how').selectOption({ label: 'Without texts and payloads' })
  const strip = page.getByRole('region', { name: 'What a pass would do now' })
  await expect(strip).toContainText('With these settings')
  await expect(strip.getByText('reduce').locator('..')).not.toContainText(/^reduce0 /)
  await page.getByLabel('Keep how').selectOption({ label: 'In full' })
  await save.click()
  await expect(page.getByText('The policy is saved')).toBeVisible()
  await expect(page.getByText('Every trace is kept for 60 days, in full.')).toBeVisible()
  await page.reload()
  await expect(days).toHaveValue('60')
})

test('a hold shuts every way of deleting, and needs a reason', async ({ ops, page }) => {
  await ops.signIn('release_manager').open('/ops/retention')
  await page.getByRole('button', { name: 'Set a hold' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Set a hold' })).toBeDisabled()
  await dialog.getByLabel('Justification').fill('A court asks us to keep all')
  await dialog.getByRole('button', { name: 'Set a hold' }).click()
  await expect(page.getByText('A legal hold stands: nothing is deleted or reduced.')).toBeVisible()
  for (const name of ['Apply now…', 'Erase a person…']) await expect(page.getByRole('button', { name })).toHaveCount(0)
  await page.getByRole('button', { name: 'Lift the hold' }).click()
  await dialog.getByLabel('Justification').fill('The court has closed the case')
  await dialog.getByRole('button', { name: 'Lift the hold' }).click()
  await expect(page.getByText('A legal hold stands')).toHaveCount(0)
})

test('a pass leaves a certificate that leads to the audit log', async ({ ops, page }) => {
  await ops.signIn('release_manager').open('/ops/retention')
  await page.getByRole('button', { name: 'Apply now…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('region', { name: 'What a pass would do now' })).toContainText('delete')
  await expect(dialog.getByRole('button', { name: 'Apply now' })).toBeDisabled()
  await dialog.getByLabel('Justification').fill('Before the disk is full')
  await dialog.getByRole('button', { name: 'Apply now' }).click()
  await expect(page.getByText('The policy was applied')).toBeVisible()
  const certificates = page.getByRole('region', { name: 'Certificates' })
  const first = certificates.getByRole('listitem').first()
  await expect(first).toContainText('Pass')
  await expect(first).toContainText('deleted')
  await first.getByRole('link').click()
  await expect(page.getByRole('complementary').getByText('Proven', { exact: true })).toBeVisible()
})

test('a person is erased after their name was typed twice, and nobody else', async ({ ops, page, api, errors }) => {
  errors.expectSome(/404 \(Not Found\)/)
  const [mine, other] = [await run(api, 'forget-me'), await run(api, 'keep-me')]
  await ops.signIn('release_manager').open('/ops/retention')
  await page.getByRole('button', { name: 'Erase a person…' }).click()
  const dialog = page.getByRole('dialog')
  const erase = dialog.getByRole('button', { name: 'Erase for good' })
  await dialog.getByLabel('User id', { exact: true }).fill('forget-me')
  await dialog.getByLabel('Justification').fill('Asked for it in a letter')
  await dialog.getByLabel('Type the user id again to confirm').fill('forget')
  await expect(erase).toBeDisabled()
  await dialog.getByLabel('Type the user id again to confirm').fill('forget-me')
  await erase.click()
  await expect(page.getByText('One trace erased')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Certificates' })).toContainText('Erasure')
  expect((await api.get(`/traces/${mine}`)).status()).toBe(404)
  expect((await api.get(`/traces/${other}`)).status()).toBe(200)
})

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`${colorScheme}`, () => {
    test.use({ colorScheme })
    test('looks as it should', async ({ ops, page }, info) => {
      await ops.signIn('admin').open('/ops/retention')
      await expect(page.getByRole('region', { name: 'Certificates' })).toContainText('Erasure')
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
      await page.screenshot({ path: info.outputPath(`retention-${colorScheme}.png`), fullPage: true })
    })
  })
