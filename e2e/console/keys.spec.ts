import type { Page } from 'playwright/test'
import { expect, test } from '../fixtures/test'

const create = async (page: Page, name: string): Promise<string> => {
  await page.getByRole('button', { name: 'Create key' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await expect(dialog.getByRole('heading', { name: 'The new key' })).toBeVisible()
  const secret = (await dialog.getByText(/^clk_/).first().textContent())?.trim() ?? ''
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await expect(dialog).toBeHidden()
  return secret
}

test('a key is created, shown once, used, rotated and revoked', async ({ ops, page, request }) => {
  await ops.signIn('admin').open('/ops/keys')
  const name = 'spec of the keys page'
  const secret = await create(page, name)
  const use = (held: string) => request.get('/audit?limit=1', { headers: { 'x-agent-daemon-key': held } })
  expect((await use(secret)).status()).toBe(200)
  expect(await page.content()).not.toContain(secret)

  await page.getByRole('link', { name }).click()
  const panel = page.getByRole('complementary')
  await panel.getByRole('button', { name: 'Rotate' }).click()
  await page.getByLabel('Grace period').selectOption('0')
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click()
  const next = (await page.getByRole('dialog').getByText(/^clk_/).first().textContent())?.trim() ?? ''
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect.poll(async () => (await use(secret)).status()).not.toBe(200)
  expect((await use(next)).status()).toBe(200)

  await page.keyboard.press('Escape')
  await page
    .getByRole('row', { name: new RegExp(`${name}.*Active`) })
    .getByRole('link')
    .click()
  await panel.getByRole('button', { name: 'Revoke' }).click()
  const revoke = page.getByRole('dialog').getByRole('button', { name: 'Revoke for good' })
  await expect(revoke).toBeDisabled()
  await page.getByLabel(`Type ${name} to confirm`).fill(name)
  await revoke.click()
  await expect.poll(async () => (await use(next)).status()).not.toBe(200)

  await page.getByRole('link', { name: 'Audit entry' }).first().click()
  await expect(page).toHaveURL(/\/ops\/audit\?request_id=/)
  await expect(page.locator('[data-row-link]')).toHaveCount(1)
})

test('a refused field says so where it stands', async ({ ops, page, errors }) => {
  errors.expectSome(/400 \(Bad Request\)/)
  await ops.signIn('admin').open('/ops/keys')
  await page.getByRole('button', { name: 'Create key' }).first().click()
  await page.getByLabel('Name').fill('wrong workspace')
  await page.getByLabel('Workspaces').fill('/not/an/id')
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByLabel('Workspaces')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
})
