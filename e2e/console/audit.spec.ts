import { expect, test } from '../fixtures/test'

test('filters live in the address bar and survive a reload', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/audit')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('button', { name: 'Actor', exact: true }).click()
  await page.getByLabel('Actor').fill('nobody at all')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/actor=nobody/)
  await expect(page.getByRole('heading', { name: 'No event matches' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'No event matches' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove filter Actor' }).click()
  await expect(page.locator('[data-row-link]').first()).toBeVisible()
})

test('a filter that makes no sense is named and left out', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/audit?start_date=yesterday')
  await expect(page.getByText('Filter “start_date” is not valid and was left out.')).toBeVisible()
  await expect(page.locator('[data-row-link]').first()).toBeVisible()
})

test('the first paint already holds the rows', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/audit')
  const html = await (await page.request.get('/ops/audit')).text()
  expect(html).toContain('data-row-link')
})

test('an event shows its proof, payload and hashes, and hands the proof out', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/audit')
  await page.locator('[data-row-link]').first().click()
  const panel = page.getByRole('complementary')
  await expect(panel.getByText('Proven', { exact: true })).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('link', { name: 'Inclusion proof' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^proof-acme-\d+\.json$/)
  await panel.getByRole('tab', { name: 'Hashes' }).click()
  await expect(panel.getByRole('button', { name: /^Copy event hash/ })).toBeVisible()
  await expect(panel.getByRole('button', { name: 'Erase payload' })).toHaveCount(0)
})

test('the whole log is verified and exported on demand', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/audit')
  await page.getByRole('button', { name: 'Verify now' }).click()
  await expect(page.getByText('The log is complete and unchanged.')).toBeVisible()
  await page.keyboard.press('Escape')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export bundle' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/\.tar\.gz$|\.tgz$/)
})

test('a payload is erased with a reason, and the proof still holds', async ({ ops, page }) => {
  await ops.signIn('release_manager').open('/ops/audit?peek=3')
  const panel = page.getByRole('complementary')
  await panel.getByRole('button', { name: 'Erase payload' }).click()
  const erase = page.getByRole('button', { name: 'Erase for good' })
  await page.getByLabel('Justification').fill('too short')
  await page.getByLabel('Type 3 to confirm').fill('3')
  await expect(erase).toBeDisabled()
  await page.getByLabel('Justification').fill('A person asked for deletion of these data.')
  await erase.click()
  await expect(panel.getByText('The event and its proof remain.')).toBeVisible()
  await expect(panel.getByText('Proven', { exact: true })).toBeVisible()
})
