import type { Page } from 'playwright/test'
import { expect, test } from '../fixtures/test'

const WHY = 'The agent repeats itself since noon'

const openWindow = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Break the glass…' }).click()
  const dialog = page.getByRole('dialog')
  const submit = dialog.getByRole('button', { name: 'Break the glass', exact: true })
  await expect(submit).toBeDisabled()
  await dialog.getByLabel('trace:reveal').check()
  await dialog.getByLabel('Justification').fill('too short')
  await expect(submit).toBeDisabled()
  await dialog.getByLabel('Justification').fill(WHY)
  await submit.click()
  await expect(page.getByText('The window is open')).toBeVisible()
}

test.describe.configure({ mode: 'serial' })

test('an operator reads the list and has no way to make an exception', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/receipts')
  await expect(page.getByRole('heading', { level: 1, name: 'Overrides' })).toBeVisible()
  for (const name of ['Break the glass…', 'Acknowledge…', 'End it'])
    await expect(page.getByRole('button', { name })).toHaveCount(0)
})

test('an admin holds everything, so there is no glass to break', async ({ ops, page }) => {
  await ops.signIn('admin').open('/ops/receipts')
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Break the glass…' })).toHaveCount(0)
})

test('a release manager breaks the glass, is told so on every page, and gives a reason for each text', async ({
  ops,
  page,
  api,
}) => {
  const data = { user_id: 'u', session_key: 'user:u:agent', message: 'demo: [{"text":"The colour is blue."}]' }
  const reply = await api.post('/api/agents/stream', { data })
  await reply.body()
  const trace = reply.headers()['x-trace-id'] ?? ''
  await ops.signIn('release_manager').open('/ops/receipts')
  await openWindow(page)
  const banner = page.getByRole('status').filter({ hasText: 'Break-glass until' })
  await expect(banner).toContainText('trace:reveal')
  await expect(page.getByRole('region', { name: 'Open windows' })).toContainText('rosa')
  await page.goto(`/ops/traces/${trace}`)
  await expect(banner).toBeVisible()
  await expect(page.getByText('The colour is blue.')).toHaveCount(0)
  await page.getByRole('button', { name: 'Say why and show' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Justification').fill('To see what the agent said')
  await dialog.getByRole('button', { name: 'Record and show' }).click()
  await expect(page.getByText('Your reason is recorded')).toBeVisible()
})

test('all administrators see it on their Overview and acknowledge it once; the one who did it cannot', async ({
  ops,
  page,
}) => {
  await ops.signIn('release_manager').open('/ops/receipts?kind=break_glass')
  await page.locator('[data-row-link]').first().click()
  const panel = page.getByRole('complementary')
  await expect(panel).toContainText(WHY)
  await expect(panel.getByRole('region', { name: 'Done in this window' })).toContainText('Trace revealed')
  await expect(panel.getByText('A second person with override:use acknowledges it.')).toBeVisible()
  await ops.signIn('admin').open('/ops')
  await page
    .getByRole('region', { name: 'Status' })
    .getByRole('link', { name: /rosa holds trace:reveal by break-glass/ })
    .first()
    .click()
  await page.locator('[data-row-link]').first().click()
  await panel.getByRole('button', { name: 'Acknowledge…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Note').fill('Seen, thank you')
  await dialog.getByRole('button', { name: 'Acknowledge', exact: true }).click()
  await expect(panel).toContainText('Acknowledged by ada')
  await expect(panel.getByRole('button', { name: 'Acknowledge…' })).toHaveCount(0)
})

test('a window ends when somebody ends it, and the banner with it', async ({ ops, page }) => {
  await ops.signIn('release_manager').open('/ops/receipts')
  await page.getByRole('region', { name: 'Open windows' }).getByRole('button', { name: 'End it' }).click()
  await expect(page.getByText('The window is closed')).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'Break-glass until' })).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Open windows' })).toHaveCount(0)
})

test('an event says what it means and who could have done it', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/audit?event_type=break_glass_opened')
  await page.locator('[data-row-link]').first().click()
  const panel = page.getByRole('complementary')
  await panel.getByRole('tab', { name: 'Meaning' }).click()
  await expect(panel).toContainText('A person holds further permissions for some minutes')
  await panel.getByRole('tab', { name: 'Who could have done this' }).click()
  await expect(panel).toContainText('It needs: override:use')
  const people = panel.getByRole('region', { name: 'People who held it then' })
  await expect(people.getByRole('listitem').filter({ hasText: 'Did it' }).first()).toContainText('rosa')
})

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`${colorScheme}`, () => {
    test.use({ colorScheme })
    test('looks as it should', async ({ ops, page }, info) => {
      await ops.signIn('admin').open('/ops/receipts')
      await expect(page.locator('[data-row-link]').first()).toBeVisible()
      await page.screenshot({ path: info.outputPath(`receipts-${colorScheme}.png`), fullPage: true })
    })
  })
