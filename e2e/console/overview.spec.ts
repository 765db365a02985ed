import type { Locator, Page } from 'playwright/test'
import { dropPolicy, pausedRun } from '../fixtures/approvals'
import { accessibilityFaults } from '../fixtures/axe'
import { post } from '../fixtures/release'
import { FAILS, ownName, runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

const settled = async (page: Page) => {
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
}

const numberIn = async (locator: Locator): Promise<number> =>
  Number(((await locator.first().textContent()) ?? '').replaceAll(',', ''))

for (const who of ['viewer', 'operator', 'release_manager', 'admin'] as const)
  test(`${who} sees runs that fail, and finds the same number behind the link`, async ({ ops, page, api }) => {
    for (let i = 0; i < 4; i++) await runOf(api, { steps: FAILS })
    await ops.signIn(who).open('/ops')
    await settled(page)
    const figure = page.locator('dl > div').filter({ has: page.getByRole('link', { name: 'Failed', exact: true }) })
    const failed = await numberIn(figure.locator('dd'))
    expect(failed).toBeGreaterThanOrEqual(4)
    await figure.getByRole('link').click()
    await expect(page.getByRole('heading', { level: 1, name: 'Statistics' })).toBeVisible()
    const errors = page.locator('dl > div').filter({ has: page.getByText('Failed', { exact: true }) })
    await expect(errors.first()).toContainText(String(failed))
  })

test('what a role may not do or see is not there', async ({ ops, page, api }) => {
  const waiting = await pausedRun(api)
  await ops.signIn('viewer').open('/ops')
  await settled(page)
  await expect(page.getByText('as far as you may see')).toBeVisible()
  for (const name of ['Approvals waiting', 'Jobs waiting', 'Events recorded'])
    await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Waits for you' })).toContainText('Your role decides nothing here')
  await expect(page.getByRole('link', { name: 'All events' })).toHaveCount(0)
  await api.post(`/traces/${waiting.trace}/cancel`)
  await dropPolicy(api, waiting.policy)
})

test('news comes by itself: an approval that waits, and a budget that changed', async ({ ops, page, api }) => {
  await ops.signIn('release_manager').open('/ops')
  await settled(page)
  const role = ownName()
  await post(api, '/budget', { scope: `role:${role}`, budget_usd: 5 })
  const changes = page.getByRole('region', { name: 'What changed' })
  const line = changes.getByRole('link', { name: `The budget of role ${role} was made` })
  await expect(line).toBeVisible({ timeout: 15_000 })
  const waiting = await pausedRun(api)
  const card = page.getByRole('region', { name: 'Waits for you' })
  await expect(card.getByRole('link', { name: new RegExp(waiting.role) })).toBeVisible({ timeout: 15_000 })
  await line.click()
  await expect(page).toHaveURL(/\/ops\/budgets\?peek=/)
  await api.post(`/traces/${waiting.trace}/cancel`)
  await dropPolicy(api, waiting.policy)
})

test('seven days, a table of hours, and a mark that leads to its line: all by the keyboard', async ({
  ops,
  page,
  api,
}) => {
  await runOf(api, {})
  await post(api, '/budget', { scope: `role:${ownName()}`, budget_usd: 5 })
  await ops.signIn('admin').open('/ops')
  await settled(page)
  const card = page.getByRole('region', { name: 'Runs and changes' })
  const mark = card
    .getByRole('list', { name: /^Rules: changes/ })
    .getByRole('link')
    .last()
  await mark.focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#change-\d+$/)
  await expect(page.locator('li:target')).toBeVisible()
  await card.getByRole('button', { name: 'View as table' }).press('Enter')
  await card.getByRole('row').last().getByRole('link').press('Enter')
  await expect(page).toHaveURL(/\/ops\/traces\?start_date=.*end_date=/)
  await page.goto('/ops')
  await settled(page)
  await page.getByRole('button', { name: '7 days' }).press('Enter')
  await expect(page).toHaveURL(/days=7/)
  await expect(page.getByRole('link', { name: 'Runs in 7 days' })).toBeVisible()
})

test('where it cannot be loaded it says so, and tries again', async ({ ops, page, errors }) => {
  errors.expectSome(/500|Failed to load/)
  await ops.signIn('viewer').open('/ops/traces')
  const broken = { error: 'Something failed on our side.', code: 'internal_error', request_id: 'r-1' }
  await page.route('**/ops/api/overview*', (route) => route.fulfill({ status: 500, json: broken }))
  await page.goto('/ops')
  await settled(page)
  await page.getByRole('button', { name: '7 days' }).click()
  await expect(page.getByRole('heading', { name: 'The overview could not be loaded' })).toBeVisible({ timeout: 20_000 })
  await expect(page.getByText('Agents run and are governed all the same.')).toBeVisible()
  await page.unroute('**/ops/api/overview*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('link', { name: 'Runs in 7 days' })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 1100, 390])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })
      test('looks as it should', async ({ ops, page, api }, info) => {
        for (let i = 0; i < 3; i++) await runOf(api, { steps: FAILS })
        const long = `${ownName()}-${'w'.repeat(150)}`
        await post(api, '/budget', { scope: `role:${long}`, budget_usd: 5 })
        await ops.signIn('admin').open('/ops')
        await settled(page)
        await expect(
          page
            .getByRole('img', { name: /^Runs and changes/ })
            .locator('svg')
            .first(),
        ).toBeVisible()
        const sideways = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(sideways).toBeLessThanOrEqual(0)
        expect(await accessibilityFaults(page)).toEqual([])
        await page.screenshot({ path: info.outputPath(`overview-${colorScheme}-${width}.png`), fullPage: true })
      })
    })
