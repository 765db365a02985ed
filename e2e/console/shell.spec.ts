import { expect, test } from '../fixtures/test'

test('the theme is switched and kept', async ({ ops, page }) => {
  await ops.signIn('viewer').open('/ops')
  const root = page.locator('html')
  await expect(root).toHaveAttribute('data-theme', 'light')
  await page.getByRole('button', { name: 'Switch between light and dark' }).click()
  await expect(root).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(root).toHaveAttribute('data-theme', 'dark')
})

test('whoever may act in two tenants switches between them', async ({ ops, page }) => {
  await ops.signIn('two_tenants').open('/ops/audit')
  await page.getByRole('button', { name: 'Tenant acme, switch' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'globex' }).click()
  await expect(page.getByRole('button', { name: 'Tenant globex, switch' })).toBeVisible()
  await page.goto('/ops/audit')
  await page.locator('[data-row-link]').first().click()
  await expect(page.getByRole('complementary').getByText('globex', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Tenant globex, switch' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'acme' }).click()
  await expect(page.getByRole('button', { name: 'Tenant acme, switch' })).toBeVisible()
})

test('the console says who one is and why something is refused', async ({ ops, page }) => {
  await ops.signIn('viewer').open('/ops')
  const person = page.getByRole('button', { name: /Viewer$/ })
  await person.click()
  await page.getByRole('menuitem', { name: 'Who am I' }).click()
  const who = page.getByRole('dialog')
  await expect(who.getByText('dashboard:view')).toBeVisible()
  await expect(who.getByText('key:manage')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await person.click()
  await page.getByRole('menuitem', { name: 'Why can I not…?' }).click()
  await page.getByLabel('What you want to do').selectOption('key:manage')
  await expect(
    page
      .getByRole('dialog')
      .getByText(/key:manage/)
      .first(),
  ).toBeVisible()
})

test('the event stream can be paused and followed again', async ({ ops, page }) => {
  await ops.signIn('viewer').open('/ops')
  const stream = page.locator('[data-live]')
  await expect(stream).toHaveAttribute('data-live', 'live')
  await stream.click()
  await expect(stream).toHaveAttribute('data-live', 'paused')
  await stream.click()
  await expect(stream).toHaveAttribute('data-live', 'live')
})

test('a failure shows its request id, keeps the shell and can be tried again', async ({ ops, page, errors }) => {
  errors.expectSome(/500 \(Internal Server Error\)/)
  await ops.signIn('operator').open('/ops')
  const refusal = { error: 'Something failed on our side.', code: 'internal_error', request_id: 'the-request' }
  await page.route('**/ops/api/audit?*', (route) => route.fulfill({ status: 500, json: refusal }))
  await page.goto('/ops/audit')
  await expect(page.locator('[data-row-link]').first()).toBeVisible()
  await page.goto('/ops/audit?actor=first')
  await page.getByRole('button', { name: 'Remove filter Actor' }).click()
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('button', { name: 'Actor', exact: true }).click()
  await page.getByLabel('Actor').fill('second')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').getByText('the-request')).toBeVisible()
  await page.unroute('**/ops/api/audit?*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { name: 'No event matches' })).toBeVisible()
})

test('the demo says that it is one', async ({ ops, page }) => {
  await ops.signIn('viewer').open('/ops')
  await expect(page.getByText('Demo', { exact: true })).toBeVisible()
})
