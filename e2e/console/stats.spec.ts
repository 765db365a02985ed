import { FAILS, ownName, runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

for (const who of ['viewer', 'operator', 'release_manager', 'admin'] as const)
  test(`${who} sees figures that are the sum of the runs, and lands on exactly those runs`, async ({
    ops,
    page,
    api,
  }) => {
    const role = ownName()
    await runOf(api, { role })
    await runOf(api, { role })
    await runOf(api, { role, steps: FAILS })
    await ops.signIn(who).open(`/ops/stats?agent_role=${role}`)
    const figure = (name: string) => page.locator('dl > div').filter({ has: page.getByText(name, { exact: true }) })
    await expect(figure('Runs')).toContainText('3')
    await expect(figure('Failed')).toContainText('33.3 % of the runs')
    await expect(
      page
        .getByRole('img', { name: /^Runs[.]/ })
        .locator('svg')
        .first(),
    ).toBeVisible()
    await figure('Failed').getByRole('link').click()
    await expect(page).toHaveURL(/status=error/)
    await expect(page).toHaveURL(new RegExp(`agent_role=${role}`))
    await expect(page.locator('tr[data-row]')).toHaveCount(1)
  })

test('every chart is a table too, and its rows lead to the runs of that time', async ({ ops, page, api }) => {
  const role = ownName()
  await runOf(api, { role })
  await ops.signIn('viewer').open(`/ops/stats?agent_role=${role}`)
  for (const title of ['Runs', 'Time per run', 'Cost', 'Tokens']) {
    const card = page.getByRole('region', { name: title, exact: true })
    await card.getByRole('button', { name: 'View as table' }).click()
    await expect(card.getByRole('table')).toBeVisible()
    await expect(card.getByRole('row')).toHaveCount(2)
  }
  await page.getByRole('region', { name: 'Runs', exact: true }).getByRole('row').last().getByRole('link').click()
  await expect(page).toHaveURL(/start_date=.*end_date=/)
  await expect(page.locator('tr[data-row]')).toHaveCount(1)
})

test('a bar is pressed and shows its runs', async ({ ops, page, api }) => {
  const role = ownName()
  await runOf(api, { role })
  await ops.signIn('viewer').open(`/ops/stats?agent_role=${role}`)
  const bar = page
    .getByRole('img', { name: /^Runs[.]/ })
    .locator('.recharts-bar-rectangle path')
    .last()
  await bar.hover()
  await expect(page.getByText(/^\d{4}-\d\d-\d\d \d\d:00 UTC$/)).toBeVisible()
  await bar.click()
  await expect(page).toHaveURL(/\/ops\/traces\?.*end_date=/)
  await expect(page.locator('tr[data-row]')).toHaveCount(1)
})

test('the time is chosen, stands in the address and survives a reload', async ({ ops, page, api }) => {
  const role = ownName()
  await runOf(api, { role })
  await ops.signIn('viewer').open(`/ops/stats?agent_role=${role}`)
  const time = page.getByRole('group', { name: 'Time' })
  await expect(time.getByRole('button', { name: '24 hours' })).toHaveAttribute('aria-pressed', 'true')
  await time.getByRole('button', { name: '30 days' }).click()
  await expect(page).toHaveURL(/start_date=/)
  await expect(time.getByRole('button', { name: '30 days' })).toHaveAttribute('aria-pressed', 'true')
  await page.reload()
  await expect(time.getByRole('button', { name: '30 days' })).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('region', { name: 'By role' }).getByRole('link', { name: role }).click()
  await expect(page.locator('tr[data-row]')).toHaveCount(1)
})

test('a part without runs says so and leads back', async ({ ops, page }) => {
  await ops.signIn('viewer').open(`/ops/stats?agent_role=${ownName()}`)
  await expect(page.getByRole('heading', { name: 'No run in this part' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(page).not.toHaveURL(/agent_role/)
})

test('the sums of one tenant are not those of another', async ({ ops, page, api }) => {
  const role = ownName()
  await runOf(api, { role })
  await ops.signIn('other_tenant').open(`/ops/stats?agent_role=${role}`)
  await expect(page.getByRole('heading', { name: 'No run in this part' })).toBeVisible()
})
