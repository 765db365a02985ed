import type { Page } from 'playwright/test'
import { FAILS, ownName, runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

const sessionPath = (session: string) => `/ops/sessions/runs?session_key=${encodeURIComponent(session)}`
const rows = (page: Page) => page.locator('tr[data-row]')

for (const who of ['viewer', 'operator', 'release_manager', 'admin'] as const)
  test(`${who} follows a conversation from the list to each of its runs`, async ({ ops, page, api }) => {
    const user = ownName()
    const session = `user:${user}:agent`
    const first = await runOf(api, { user })
    await runOf(api, { user, steps: FAILS })
    await runOf(api, { user })
    await ops.signIn(who).open(`/ops/sessions?user_id=${user}`)
    await expect(rows(page)).toHaveCount(1)
    await expect(rows(page)).toContainText(session)
    await page.getByRole('link', { name: session }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Session' })).toBeVisible()
    await expect(rows(page)).toHaveCount(3)
    await expect(rows(page).nth(1)).toContainText('Failed')
    await expect(rows(page).last()).toHaveAttribute('data-row', first)
    await rows(page).last().locator('[data-row-link]').click()
    const open = page.getByRole('complementary').getByRole('link', { name: 'Open trace' })
    await expect(open).toHaveAttribute('href', `/ops/traces/${first}`)
  })

const exact = async (page: Page, row: number, column: number): Promise<number> => {
  const title = await rows(page).nth(row).locator('td').nth(column).locator('[title]').first().getAttribute('title')
  return Math.round(Number.parseFloat(title?.replace('$', '') ?? '') * 1_000_000)
}

test('the cost so far grows by each run, and the last one carries the cost of the session', async ({
  ops,
  page,
  api,
}) => {
  const user = ownName()
  for (const text of ['one', 'one two', 'one two three four']) await runOf(api, { user, steps: [{ text }] })
  await ops.signIn('viewer').open(sessionPath(`user:${user}:agent`))
  await expect(rows(page)).toHaveCount(3)
  const heads = await page.locator('thead th').allTextContents()
  const [cost, soFar] = [heads.indexOf('Cost'), heads.indexOf('So far')]
  const costs = await Promise.all([0, 1, 2].map((row) => exact(page, row, cost)))
  const sums = await Promise.all([0, 1, 2].map((row) => exact(page, row, soFar)))
  expect(costs.every((one) => one > 0)).toBe(true)
  expect(sums).toEqual(costs.map((_, at) => costs.slice(at).reduce((sum, one) => sum + one, 0)))
  const total = page.getByText('Cost so far').locator('..')
  await expect(total.locator(`[title="$${((sums[0] ?? 0) / 1_000_000).toFixed(6)}"]`)).toBeVisible()
})

test('a run leads to the task that it worked on, and the task to all of its runs', async ({ ops, page, api }) => {
  const user = ownName()
  const session = `user:${user}:agent`
  const made = await api.post('/api/agents/send', {
    data: {
      user_id: user,
      session_key: session,
      message: 'demo: [{"text":"Posted."}]',
      task_title: `Task of ${user}`,
    },
  })
  const { task_id: task, trace_id: id } = await made.json()
  expect(task).toEqual(expect.any(String))
  await ops.signIn('viewer').open(sessionPath(session))
  await page.getByRole('link', { name: 'Task', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`/ops/traces\\?task_id=${task}`))
  await expect(page.locator(`tr[data-row="${id}"]`)).toBeVisible()
  await page.locator(`tr[data-row="${id}"] [data-row-link]`).click()
  const things = page.getByRole('complementary').getByRole('region', { name: 'Worked on' })
  await expect(things.getByText('Task', { exact: true })).toBeVisible()
  await expect(things.getByText('Message', { exact: true })).toBeVisible()
})

test('a session of somebody else is as unknown as one that never was', async ({ ops, page, api }) => {
  const user = ownName()
  await runOf(api, { user })
  await ops.signIn('other_tenant').open(sessionPath(`user:${user}:agent`))
  await expect(page.getByRole('heading', { name: 'There is no run of this session' })).toBeVisible()
  await page.goto(sessionPath('never-was'))
  await expect(page.getByRole('heading', { name: 'There is no run of this session' })).toBeVisible()
})

test('without a key the page leads to the list', async ({ ops, page }) => {
  await ops.signIn('viewer').open('/ops/sessions/runs')
  await expect(page.getByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible()
})
