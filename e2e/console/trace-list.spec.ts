import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Page } from 'playwright/test'
import { FAILS, ownName, runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

const EVERYBODY = ['viewer', 'operator', 'release_manager', 'admin'] as const
const SECRET = 'the customer is called Wilhelmina'

const list = (page: Page) => page.getByRole('region', { name: 'Traces' })
const rows = (page: Page) => page.locator('tr[data-row]')
const listOf = (user: string, more = '') => `/ops/traces?user_id=${user}${more}`

for (const who of EVERYBODY)
  test(`${who} finds runs, and gets what the role may do with them`, async ({ ops, page, api }) => {
    const user = ownName()
    const id = await runOf(api, { user, message: SECRET })
    await runOf(api, { user, steps: FAILS, message: SECRET })
    await ops.signIn(who).open(listOf(user))
    await expect(rows(page)).toHaveCount(2)
    await expect(rows(page).first()).toContainText('Failed')
    await expect(rows(page).last()).toContainText('Succeeded')
    expect(await page.content()).not.toContain('Wilhelmina')
    await expect(page.getByRole('searchbox', { name: 'Search in texts' })).toHaveCount(who === 'admin' ? 1 : 0)
    await rows(page).last().locator('[data-row-link]').click()
    const panel = page.getByRole('complementary')
    await expect(panel.getByRole('link', { name: 'Open trace' })).toHaveAttribute('href', `/ops/traces/${id}`)
    const mayLabel = who !== 'viewer'
    await expect(panel.getByLabel('Label key')).toHaveCount(mayLabel ? 1 : 0)
    await page.keyboard.press('Escape')
    await page.getByRole('checkbox').first().check()
    await page.getByRole('checkbox').last().check()
    await expect(list(page).getByRole('link', { name: 'Diff' })).toHaveCount(mayLabel ? 1 : 0)
    await expect(page.getByRole('button', { name: 'Label', exact: true })).toHaveCount(mayLabel ? 1 : 0)
  })

test('the first paint already holds the rows', async ({ ops, page, api }) => {
  const user = ownName()
  const id = await runOf(api, { user })
  await ops.signIn('viewer').open('/ops')
  const html = await (await page.request.get(listOf(user))).text()
  expect(html).toContain(`data-row="${id}"`)
})

test('filters are chips, stand in the address and survive a reload', async ({ ops, page, api }) => {
  const user = ownName()
  await runOf(api, { user })
  await runOf(api, { user, steps: FAILS })
  await ops.signIn('viewer').open(listOf(user))
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('button', { name: 'Status', exact: true }).click()
  await page.getByLabel('Status').selectOption({ label: 'Failed' })
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page).toHaveURL(/status=error/)
  await expect(rows(page)).toHaveCount(1)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('button', { name: 'Cost', exact: true }).click()
  await page.getByLabel('At least, in USD').fill('5')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/min_cost=5/)
  await expect(page.getByRole('heading', { name: 'No trace matches' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'No trace matches' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove filter Cost' }).click()
  await page.getByRole('button', { name: 'Remove filter Status' }).click()
  await expect(rows(page)).toHaveCount(2)
})

test('a range is chosen with one press', async ({ ops, page, api }) => {
  const user = ownName()
  await runOf(api, { user })
  await ops.signIn('viewer').open(listOf(user))
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('button', { name: 'Started', exact: true }).click()
  await page.getByRole('button', { name: 'Last hour' }).click()
  await expect(page).toHaveURL(/start_date=\d{4}-/)
  await expect(page.getByText(/since \d{4}-\d\d-\d\d \d\d:\d\d UTC/)).toBeVisible()
  await expect(rows(page)).toHaveCount(1)
})

test('columns are chosen, remembered and part of the address', async ({ ops, page, api }) => {
  const user = ownName()
  await runOf(api, { user })
  await ops.signIn('viewer').open(listOf(user))
  const heads = page.getByRole('columnheader')
  await expect(heads.filter({ hasText: 'Session' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Session' }).click()
  await page.keyboard.press('Escape')
  await expect(heads.filter({ hasText: 'Session' })).toHaveCount(1)
  await expect(page).toHaveURL(/columns=/)
  await page.goto(listOf(user))
  await expect(heads.filter({ hasText: 'Session' })).toHaveCount(1)
  await page.goto(listOf(user, '&columns=status'))
  await expect(heads).toHaveText(['Select', 'Run', 'Status'])
})

test('the keyboard walks, opens, selects two and compares them', async ({ ops, page, api }) => {
  const user = ownName()
  const older = await runOf(api, { user })
  const newer = await runOf(api, { user })
  await ops.signIn('operator').open(listOf(user))
  const links = page.locator('[data-row-link]')
  await page.keyboard.press('j')
  await expect(links.nth(0)).toBeFocused()
  await page.keyboard.press('x')
  await expect(page.getByText('Select two to compare them.')).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await expect(list(page).getByRole('link', { name: 'Diff' })).toHaveAttribute(
    'href',
    `/ops/diff?base=${older}&compare=${newer}`,
  )
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`peek=${older}`))
  await page.keyboard.press('k')
  await expect(page).toHaveURL(new RegExp(`peek=${newer}`))
  await page.keyboard.press('o')
  await expect(page).toHaveURL(new RegExp(`/ops/traces/${newer}$`))
})

test('new runs are announced and wait; paused, they are not looked for', async ({ ops, page, api }) => {
  const user = ownName()
  const first = await runOf(api, { user })
  await ops.signIn('viewer').open(listOf(user))
  await expect(page.locator('[data-tail]')).toHaveAttribute('data-tail', 'live')
  await runOf(api, { user })
  const fresh = page.getByRole('button', { name: '1 new run' })
  await expect(fresh).toBeVisible()
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page).first()).toHaveAttribute('data-row', first)
  await runOf(api, { user })
  await page.getByRole('button', { name: '2 new runs' }).click()
  await expect(rows(page)).toHaveCount(3)
  await expect(rows(page).last()).toHaveAttribute('data-row', first)
  await page.locator('[data-tail]').click()
  await expect(page.locator('[data-tail]')).toHaveAttribute('data-tail', 'paused')
  await runOf(api, { user })
  await page.locator('[data-tail]').click()
  await expect(page.locator('[data-tail]')).toHaveAttribute('data-tail', 'live')
  await runOf(api, { user })
  await expect(page.getByRole('button', { name: '2 new runs' })).toBeVisible()
})

test('labels are put on and taken off beside the list, and on many at once', async ({ ops, page, api }) => {
  const user = ownName()
  const id = await runOf(api, { user })
  await runOf(api, { user })
  await ops.signIn('operator').open(listOf(user, `&peek=${id}`))
  const panel = page.getByRole('complementary')
  await panel.getByLabel('Label key').fill('reviewed.by')
  await panel.getByLabel('Label value').fill('omar')
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('button', { name: 'Remove label reviewed.by' })).toBeVisible()
  await expect(page.locator(`tr[data-row="${id}"]`)).toContainText('reviewed.by omar')
  await page.keyboard.press('Escape')
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: 'Label', exact: true }).click()
  await page.getByLabel('Label key').fill('release')
  await page.getByLabel('Label value').fill('42')
  await page.keyboard.press('Enter')
  await expect(page.getByText('2 traces labelled release')).toBeVisible()
  await page.goto(`/ops/traces?user_id=${user}&label_key=release&label_value=42&peek=${id}`)
  await expect(rows(page)).toHaveCount(2)
  await panel.getByRole('button', { name: 'Remove label release' }).click()
  await expect(panel.getByRole('button', { name: 'Remove label release' })).toHaveCount(0)
  await page.reload()
  await expect(rows(page)).toHaveCount(1)
})

test('a view is saved, shared, used by others and removed by its owner alone', async ({ ops, page, api }) => {
  const user = ownName()
  await runOf(api, { user, steps: FAILS })
  await ops.signIn('operator').open(listOf(user, '&status=error'))
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: 'Save this view…' }).click()
  await page.getByLabel('Name').fill(`Failures ${user}`)
  await page.getByLabel('Share with everybody in this tenant').check()
  await page.getByRole('button', { name: 'Save view' }).click()
  await expect(page.getByText(`View “Failures ${user}” saved`)).toBeVisible()
  await expect(page.getByRole('button', { name: `Failures ${user}` })).toBeVisible()
  await page.context().clearCookies()
  await ops.signIn('viewer').open('/ops/traces')
  await page.getByRole('button', { name: 'Views' }).click()
  await expect(page.getByRole('button', { name: `Remove view Failures ${user}` })).toHaveCount(0)
  await page.getByRole('button', { name: `Failures ${user}` }).click()
  await expect(page).toHaveURL(new RegExp(`status=error&user_id=${user}`))
  await expect(rows(page)).toHaveCount(1)
  await page.context().clearCookies()
  await ops.signIn('operator').open('/ops/traces')
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: `Remove view Failures ${user}` }).click()
  await expect(page.getByText(`View “Failures ${user}” removed`)).toBeVisible()
})

test('what matches is exported, without the texts for those who may not see them', async ({ ops, page, api }) => {
  const user = ownName()
  const id = await runOf(api, { user, message: SECRET })
  await ops.signIn('viewer').open(listOf(user))
  for (const [name, ending] of [
    ['CSV, one row per trace', 'csv'],
    ['JSON lines, one object per trace', 'jsonl'],
  ] as const) {
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()])
    expect(download.suggestedFilename()).toMatch(new RegExp(`[.]${ending}$`))
    const text = await readFile(await download.path(), 'utf8')
    expect(text).toContain(id)
    expect(text).not.toContain('Wilhelmina')
  }
})

test('an administrator searches texts and sees where the words stand', async ({ ops, page, api }) => {
  const user = ownName()
  await runOf(api, { user, message: `${SECRET}, ${user}word` })
  await runOf(api, { user })
  await ops.signIn('admin').open(listOf(user))
  await page.getByRole('searchbox', { name: 'Search in texts' }).fill(`${user}word`)
  await page.keyboard.press('Enter')
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page).locator('mark').first()).toBeVisible()
  await expect(page.locator('[data-tail]')).toHaveAttribute('data-tail', 'closed')
})

test('older pages are reached by the pager, and long pages keep few rows in the page', async ({ ops, page, api }) => {
  test.slow()
  const user = ownName()
  for (let batch = 0; batch < 17; batch++) await Promise.all(Array.from({ length: 8 }, () => runOf(api, { user })))
  await ops.signIn('viewer').open(listOf(user, '&limit=50'))
  await expect(rows(page)).toHaveCount(50)
  await expect(page.getByText('50 of 136 traces')).toBeVisible()
  await page.getByRole('button', { name: 'Older' }).click()
  await expect(page).toHaveURL(/cursor=/)
  await expect(page.locator('[data-tail]')).toHaveAttribute('data-tail', 'closed')
  await page.getByRole('button', { name: 'Older' }).click()
  await expect(page.getByText('36 of 136 traces')).toBeVisible()
  await page.goto(listOf(user, '&limit=200'))
  await expect(page.getByText('136 of 136 traces')).toBeVisible()
  await expect(page.locator('tr[aria-rowindex]').first()).toBeVisible()
  await expect.poll(() => rows(page).count()).toBeLessThan(100)
  await page.keyboard.press('j')
  for (let step = 0; step < 135; step++) await page.keyboard.press('j')
  await expect(page.locator('tr[aria-rowindex="137"] [data-row-link]')).toBeFocused()
  expect(await rows(page).count()).toBeLessThan(100)
})

test('the snippet that an empty tenant is shown makes a trace when it is run as it stands', async ({
  ops,
  page,
  site,
  api,
}) => {
  await ops.signIn('other_tenant').open('/ops/traces')
  await expect(page.getByRole('heading', { name: 'No run is recorded yet' })).toBeVisible()
  const code = (await page.locator('figure pre').first().textContent()) ?? ''
  expect(code).toContain(`export CLASPER_URL=${site.url}`)
  const lines = code.split('\n').filter((line) => !line.startsWith('export CLASPER_KEY='))
  const env = { ...process.env, CLASPER_KEY: site.serviceKey }
  const said = await promisify(execFile)('bash', ['-c', lines.join('\n')], { env })
  const id = /"trace_id":"([0-9a-f-]{36})"/.exec(said.stdout)?.[1]
  const reply = await api.get(`/traces/${id}`)
  expect(reply.status()).toBe(200)
})

test('a failure shows its request id and can be tried again', async ({ ops, page, api, errors }) => {
  errors.expectSome(/500 \(Internal Server Error\)/)
  const user = ownName()
  await runOf(api, { user })
  await ops.signIn('viewer').open('/ops')
  const refusal = { error: 'Something failed on our side.', code: 'internal_error', request_id: 'the-request' }
  await page.route(/\/ops\/api\/traces(\?|$)/, (route) => route.fulfill({ status: 500, json: refusal }))
  await page.goto('/ops/traces?user_id=nobody-has-this-name')
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(page.getByText('Something failed on our side.').first()).toBeVisible()
  await expect(page.getByText('the-request').first()).toBeVisible()
})

test('the palette goes to the traces and opens one by its id', async ({ ops, page, api }) => {
  const id = await runOf(api, { user: ownName() })
  await ops.signIn('viewer').open('/ops')
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(page.getByRole('heading', { level: 1, name: 'Traces' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill(id)
  await page.getByRole('option', { name: `Trace ${id}` }).click()
  await expect(page).toHaveURL(new RegExp(`/ops/traces/${id}$`))
})
