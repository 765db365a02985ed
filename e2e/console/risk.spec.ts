import { ownName, runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

for (const who of ['viewer', 'operator', 'release_manager', 'admin'] as const)
  test(`${who} sees how dangerous runs are, and lands on them`, async ({ ops, page, api }) => {
    await runOf(api, {})
    await ops.signIn(who).open('/ops/risk')
    const figure = (name: string) => page.locator('dl > div').filter({ has: page.getByText(name, { exact: true }) })
    await expect(figure('Runs')).toContainText(/\d/)
    await expect(
      page
        .getByRole('img', { name: /^Risk levels/ })
        .locator('svg')
        .first(),
    ).toBeVisible()
    await expect(page.getByRole('region', { name: 'What makes runs dangerous' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Newest runs of high risk' })).toBeVisible()
    await page.getByRole('region', { name: 'By workspace' }).getByRole('link', { name: 'default', exact: true }).click()
    await expect(page).toHaveURL(/workspace_id=default/)
    await expect(page.locator('tr[data-row]').first()).toBeVisible()
  })

test('the levels are a table too, and its days lead to their runs', async ({ ops, page, api }) => {
  await runOf(api, {})
  await ops.signIn('viewer').open('/ops/risk?days=7')
  const card = page.getByRole('region', { name: 'Risk levels' })
  await card.getByRole('button', { name: 'View as table' }).click()
  for (const level of ['Critical', 'High', 'Medium', 'Low'])
    await expect(card.getByRole('columnheader', { name: level, exact: true })).toBeVisible()
  await card.getByRole('row').last().getByRole('link').click()
  await expect(page).toHaveURL(/start_date=.*end_date=/)
})

test('a workspace without a run says so and leads back', async ({ ops, page }) => {
  await ops.signIn('viewer').open(`/ops/risk?workspace_id=${ownName()}`)
  await expect(page.getByRole('heading', { name: 'No run in this workspace' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(page).not.toHaveURL(/workspace_id/)
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })
      test('looks as it should', async ({ ops, page, api }, info) => {
        await runOf(api, {})
        await ops.signIn('admin').open('/ops/risk')
        await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
        await expect(
          page
            .getByRole('img', { name: /^Risk levels/ })
            .locator('svg')
            .first(),
        ).toBeVisible()
        await page.screenshot({ path: info.outputPath(`risk-${colorScheme}-${width}.png`), fullPage: true })
      })
    })
