import { ownName, runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

for (const who of ['viewer', 'operator', 'release_manager', 'admin'] as const)
  test(`${who} sees where the money goes, and lands on exactly those runs`, async ({ ops, page, api }) => {
    const role = ownName()
    // Dear enough to be among the twenty dearest roles whatever ran before.
    await runOf(api, { role, message: 'All of it. '.repeat(3_000) })
    await ops.signIn(who).open('/ops/cost?by=role')
    await expect(
      page
        .getByRole('img', { name: /^Cost by role/ })
        .locator('svg')
        .first(),
    ).toBeVisible()
    const roles = page.getByRole('region', { name: 'By role', exact: true })
    await roles.getByRole('link', { name: role }).click()
    await expect(page).toHaveURL(/start_date=.*end_date=/)
    await expect(page.locator('tr[data-row]')).toHaveCount(1)
  })

test('a viewer sees costs and no budget, and is told who does', async ({ ops, page, api }) => {
  await runOf(api, {})
  await ops.signIn('viewer').open('/ops/cost')
  await expect(page.getByText('to see it needs an operator')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Budget burn-down' })).toHaveCount(0)
})

test('the split stands in the address and survives a reload', async ({ ops, page, api }) => {
  await runOf(api, {})
  await ops.signIn('viewer').open('/ops/cost')
  await page.getByLabel('Split by').selectOption({ label: 'By model' })
  await expect(page).toHaveURL(/by=model/)
  await page.getByRole('group', { name: 'Time' }).getByRole('button', { name: '7 days' }).click()
  await expect(page).toHaveURL(/days=7/)
  await page.reload()
  await expect(page.getByRole('region', { name: 'Cost by model' })).toBeVisible()
  await expect(page.getByRole('button', { name: '7 days' })).toHaveAttribute('aria-pressed', 'true')
  await page.getByLabel('Split by').selectOption({ label: 'By skill' })
  await expect(page.getByRole('region', { name: 'Cost by skill' })).toContainText('counts toward each')
})

test('the chart is a table too, and its days lead to their runs', async ({ ops, page, api }) => {
  await runOf(api, {})
  await ops.signIn('viewer').open('/ops/cost')
  const card = page.getByRole('region', { name: 'Cost by workspace' })
  await card.getByRole('button', { name: 'View as table' }).click()
  await card.getByRole('row').last().getByRole('link').click()
  await expect(page).toHaveURL(/start_date=.*end_date=/)
  await expect(page.locator('tr[data-row]').first()).toBeVisible()
})

test('figures name what they are made of, and agree with the ledger or say why not', async ({ ops, page, api }) => {
  await runOf(api, {})
  await ops.signIn('operator').open('/ops/cost')
  await expect(page.getByText('Metrics based on full traces, last 30 days.')).toBeVisible()
  await expect(page.getByText(/^The ledger says /)).toBeVisible()
})

test('who may set a budget is led to it', async ({ ops, page, api }) => {
  await runOf(api, {})
  await ops.signIn('release_manager').open('/ops/cost?workspace_id=default')
  const card = page.getByRole('region', { name: 'Budget burn-down' })
  await expect(card).toContainText('No budget is set for the workspace default')
  await card.getByRole('link', { name: 'Set a budget…' }).click()
  await expect(page.getByRole('dialog').getByLabel('Workspace id')).toHaveValue('default')
})

test('a workspace without a run says so and leads back', async ({ ops, page }) => {
  await ops.signIn('viewer').open(`/ops/cost?workspace_id=${ownName()}`)
  await expect(page.getByRole('heading', { name: 'No run in this workspace' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(page).not.toHaveURL(/workspace_id/)
})

test('an error names its request, and trying again helps', async ({ ops, page, api, errors }) => {
  errors.expectSome(/500 \(Internal Server Error\)/)
  await runOf(api, {})
  await ops.signIn('viewer').open('/ops/cost')
  const id = '0199c0de-0000-7000-8000-000000000000'
  const body = JSON.stringify({ error: 'It broke.', code: 'internal_error', request_id: id })
  await page.route('**/ops/api/dashboards/cost?*days=90*', (route) =>
    route.fulfill({ status: 500, contentType: 'application/json', body }),
  )
  await page.getByRole('button', { name: '90 days' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'It broke.' })).toBeVisible()
  await page.unroute('**/ops/api/dashboards/cost?*days=90*')
  await page.getByRole('button', { name: '7 days' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'It broke.' })).toHaveCount(0)
})

test('the overview shows what is spent', async ({ ops, page, api }) => {
  await runOf(api, {})
  await ops.signIn('viewer').open('/ops')
  const figure = page.locator('dl > div').filter({ has: page.getByText('Spent this month', { exact: true }) })
  await expect(figure).toContainText(/\$\d/)
  await figure.getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Cost' })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })
      test('looks as it should', async ({ ops, page, api }, info) => {
        await runOf(api, {})
        await ops.signIn('admin').open('/ops/cost')
        await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
        await expect(
          page
            .getByRole('img', { name: /^Cost by/ })
            .locator('svg')
            .first(),
        ).toBeVisible()
        await page.screenshot({ path: info.outputPath(`cost-${colorScheme}-${width}.png`), fullPage: true })
      })
    })
