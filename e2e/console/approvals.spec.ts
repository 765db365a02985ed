import type { Page } from 'playwright/test'
import { dropPolicy, guardTasks, pausedRun, runAgain, type Waiting } from '../fixtures/approvals'
import { personFor } from '../fixtures/people'
import { ownName } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

const WHY = 'The customer asked for it on the phone'

const panel = (page: Page) => page.getByRole('complementary', { name: 'task_create' })
const rowOf = (page: Page, waiting: Waiting) => page.locator('tr[data-row]').filter({ hasText: waiting.role })

const openRow = async (page: Page, waiting: Waiting) => {
  await rowOf(page, waiting).locator('[data-row-link]').click()
  await expect(panel(page).getByRole('region', { name: 'Action' })).toContainText(waiting.title)
}

const statusOf = async (page: Page, trace: string): Promise<string> => {
  await page.goto(`/ops/traces/${trace}`)
  return (await page.locator('dl').first().textContent()) ?? ''
}

const endsAs = (page: Page, trace: string, status: string) =>
  expect.poll(() => statusOf(page, trace), { timeout: 30_000 }).toContain(status)

for (const who of ['viewer', 'operator'] as const)
  test(`${who} is told on the trace what it waits for, and has no inbox`, async ({ ops, page, api }) => {
    const waiting = await pausedRun(api)
    await ops.signIn(who).open(`/ops/traces/${waiting.trace}`)
    const banner = page.getByRole('region', { name: 'Waits for an approval' })
    await expect(banner).toContainText('The run stands still until somebody decides')
    await expect(banner).toContainText('It takes a release manager or above')
    await expect(page.getByText('Waits for approval').first()).toBeVisible()
    await expect(banner.getByRole('link')).toHaveCount(0)
    const refused = await page.request.get('/ops/api/decisions')
    expect(refused.status()).toBe(403)
    await page.goto('/ops')
    await expect(page.getByRole('link', { name: 'Approvals waiting' })).toHaveCount(0)
    await api.post(`/traces/${waiting.trace}/cancel`)
    await dropPolicy(api, waiting.policy)
  })

for (const who of ['release_manager', 'admin'] as const)
  test(`${who} comes from the overview or the trace, sees the exact action, and approves it once`, async ({
    ops,
    page,
    api,
  }) => {
    const waiting = await pausedRun(api)
    await ops.signIn(who).open('/ops')
    const waits = page.getByRole('region', { name: 'Waits for you' })
    await expect(waits.getByRole('link', { name: /^approval: task_create/ }).first()).toBeVisible()
    await page.getByRole('link', { name: 'Approvals waiting' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible()
    await expect(rowOf(page, waiting)).toContainText(/in (?:59 m|1 h)/)
    await page.goto(`/ops/traces/${waiting.trace}`)
    await page.getByRole('region', { name: 'Waits for an approval' }).getByRole('link').click()
    await expect(page).toHaveURL(/\/ops\/approvals\?peek=/)
    const beside = panel(page)
    await expect(beside).toContainText('New tasks of this role are looked at first')
    await expect(beside.getByRole('region', { name: 'Action' })).toContainText(waiting.title)
    for (const fact of [waiting.role, 'Risk', 'Cost so far', '$0.0', 'Requested by', 'release manager or above'])
      await expect(beside).toContainText(fact)
    await expect(beside.getByRole('link', { name: waiting.policy })).toBeVisible()
    await beside.getByText(/^What each policy said/).click()
    await expect(beside.getByRole('region', { name: 'Policies' })).toContainText('Ask a person')
    const approve = beside.getByRole('button', { name: 'Approve', exact: true })
    await expect(approve).toBeDisabled()
    await beside.getByLabel('Justification').fill('too short')
    await expect(approve).toBeDisabled()
    await beside.getByLabel('Justification').fill(WHY)
    await approve.click()
    await expect(page.getByText('Approved: it is done now, once')).toBeVisible()
    await expect(beside.getByRole('region', { name: 'Decided' })).toContainText(WHY)
    await expect(beside.getByRole('button', { name: 'Approve' })).toHaveCount(0)
    await expect(rowOf(page, waiting)).toHaveCount(0)
    await endsAs(page, waiting.trace, 'Succeeded')
    await expect(page.getByRole('treeitem').filter({ hasText: 'task_create' })).toHaveCount(1)
    await expect(page.getByRole('region', { name: 'Waits for an approval' })).toHaveCount(0)
    await page.goto('/ops/approvals?tab=decided')
    await expect(rowOf(page, waiting)).toContainText('Approved')
    await dropPolicy(api, waiting.policy)
  })

test('what is denied is not done; the run goes on without it', async ({ ops, page, api }) => {
  const waiting = await pausedRun(api)
  await ops.signIn('release_manager').open('/ops/approvals')
  await openRow(page, waiting)
  await panel(page).getByLabel('Justification').fill('There is no such customer')
  await panel(page).getByRole('button', { name: 'Deny' }).click()
  await expect(page.getByText('Denied: it is not done')).toBeVisible()
  await endsAs(page, waiting.trace, 'Succeeded')
  await expect(page.getByRole('treeitem').filter({ hasText: 'task_create' })).toContainText('Refused')
  await dropPolicy(api, waiting.policy)
})

test('an approval as an exception leaves a receipt that somebody else has to look at', async ({ ops, page, api }) => {
  const waiting = await pausedRun(api)
  await ops.signIn('release_manager').open('/ops/approvals')
  await openRow(page, waiting)
  await panel(page).getByLabel('Justification').fill(WHY)
  await panel(page).getByLabel('Approve with override').check()
  await panel(page).getByLabel('Reason', { exact: true }).selectOption('hotfix')
  await panel(page).getByRole('button', { name: 'Approve with override' }).click()
  await expect(panel(page).getByRole('region', { name: 'Decided' })).toContainText('as an exception')
  await page.goto('/ops/receipts?kind=override')
  await expect(page.locator('tr[data-row]').first()).toContainText('decision.approve')
  await dropPolicy(api, waiting.policy)
})

test('the role that a policy asks for is needed; an admin has it', async ({ ops, page, api }) => {
  const waiting = await pausedRun(api, { requiredRole: 'admin' })
  await ops.signIn('release_manager').open('/ops/approvals')
  await rowOf(page, waiting).locator('[data-row-link]').click()
  await expect(panel(page)).toContainText('What it is about is shown to those who may decide')
  await expect(panel(page)).toContainText(
    'To approve it one needs to be an admin. You are signed in as release manager.',
  )
  await expect(panel(page).getByRole('button', { name: /Approve|Deny/ })).toHaveCount(0)
  await ops.signIn('admin').open('/ops/approvals')
  await openRow(page, waiting)
  await panel(page).getByRole('button', { name: 'Show exactly…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Justification').fill('To see whom it is about')
  await dialog.getByRole('button', { name: 'Record and show' }).click()
  await expect(panel(page)).toContainText('Arguments, unredacted')
  await panel(page).getByLabel('Justification').fill(WHY)
  await panel(page).getByRole('button', { name: 'Deny' }).click()
  await expect(page.getByText('Denied: it is not done')).toBeVisible()
  await dropPolicy(api, waiting.policy)
})

// The demo profile lets people approve what they asked for, so the answer is the one of a real server.
test('who asked for it is told so at the button, and may still take it back', async ({ ops, page, api }) => {
  const waiting = await pausedRun(api)
  await page.route('**/ops/api/decisions/*', async (route) => {
    const reply = await route.fetch()
    const body = await reply.json()
    const decision = { ...body.decision, can_approve: false, why_not: 'own_request' }
    await route.fulfill({ response: reply, json: { decision } })
  })
  await ops.signIn('release_manager').open('/ops/approvals')
  await openRow(page, waiting)
  await panel(page).getByLabel('Justification').fill(WHY)
  const approve = panel(page).getByRole('button', { name: 'Approve' })
  await expect(approve).toBeDisabled()
  await expect(approve).toHaveAccessibleDescription(/Somebody else has to approve it/)
  await expect(panel(page).getByRole('button', { name: 'Deny' })).toBeEnabled()
  await page.unrouteAll()
  await panel(page).getByRole('button', { name: 'Deny' }).click()
  await expect(page.getByText('Denied: it is not done')).toBeVisible()
  await dropPolicy(api, waiting.policy)
})

test('what comes to wait shows by itself, and the keyboard is enough', async ({ ops, page, api }) => {
  await ops.signIn('release_manager').open('/ops/approvals')
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible()
  const waiting = await pausedRun(api)
  await expect(rowOf(page, waiting)).toBeVisible({ timeout: 12_000 })
  await page.keyboard.press('j')
  await expect(rowOf(page, waiting).locator('[data-row-link]')).toBeFocused()
  await page.keyboard.press('Enter')
  await panel(page).getByLabel('Justification').focus()
  await page.keyboard.insertText(WHY)
  for (let tab = 0; tab < 2; tab++) await page.keyboard.press('Tab')
  await expect(panel(page).getByRole('button', { name: 'Approve', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Approved: it is done now, once')).toBeVisible()
  await dropPolicy(api, waiting.policy)
})

test('a policy is made of a decision, and does nothing yet', async ({ ops, page, api }) => {
  const waiting = await pausedRun(api)
  await ops.signIn('release_manager').open('/ops/approvals')
  await openRow(page, waiting)
  await panel(page).getByLabel('Justification').fill('There is no such customer')
  await panel(page).getByRole('button', { name: 'Deny' }).click()
  await expect(page.getByText('Denied: it is not done')).toBeVisible()
  await panel(page).getByRole('button', { name: 'Make a policy of it…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Then').selectOption('deny')
  await dialog.getByRole('button', { name: 'Make the policy' }).click()
  await expect(page).toHaveURL(/\/ops\/policies\?peek=from-/)
  const made = page.getByRole('complementary')
  await expect(made).toContainText('Off')
  await expect(made).toContainText(`agent_role is ${waiting.role}`)
  await dropPolicy(api, new URL(page.url()).searchParams.get('peek') ?? '')
  await dropPolicy(api, waiting.policy)
})

test('in the playground a paused run says so and leads to the decision', async ({ ops, page, api }) => {
  const policy = await guardTasks(api, ownName(), { conditions: { user_id: personFor('release_manager').id } })
  await ops.signIn('release_manager').open('/ops/playground')
  const steps = [
    { text: 'I will.', toolCalls: [{ name: 'task_create', arguments: { title: 'x' } }] },
    { text: 'Done.' },
  ]
  await page.getByRole('textbox', { name: 'Message' }).fill(`demo: ${JSON.stringify(steps)}`)
  await page.keyboard.press('Control+Enter')
  const answer = page.getByRole('article', { name: 'Answer' }).last()
  await expect(answer).toContainText('The run stands still until somebody approves')
  await answer.getByRole('link', { name: 'Look at it' }).click()
  await panel(page).getByLabel('Justification').fill('It was only for a try')
  await panel(page).getByRole('button', { name: 'Deny' }).click()
  await expect(page.getByText('Denied: it is not done')).toBeVisible()
  await dropPolicy(api, policy)
})

test('what cannot be read says so with its request id, and is tried again', async ({ ops, page, api, errors }) => {
  const waiting = await pausedRun(api)
  errors.expectSome(/503/)
  await page.route('**/ops/api/decisions/*', (route) =>
    route.fulfill({ status: 503, json: { error: 'Not now.', code: 'unavailable', request_id: 'req-503' } }),
  )
  await ops.signIn('release_manager').open('/ops/approvals')
  await rowOf(page, waiting).locator('[data-row-link]').click()
  await expect(panel(page).getByRole('alert')).toContainText('This decision could not be loaded', { timeout: 20_000 })
  await expect(panel(page).getByRole('alert')).toContainText('req-503')
  await expect(rowOf(page, waiting)).toBeVisible()
  await page.unrouteAll()
  await panel(page).getByRole('button', { name: 'Try again' }).click()
  await expect(panel(page).getByRole('region', { name: 'Action' })).toContainText(waiting.title)
  await page.goto('/ops/approvals?tool=no_such_tool')
  await expect(page.getByRole('heading', { name: 'None of these' })).toBeVisible()
  await api.post(`/traces/${waiting.trace}/cancel`)
  await dropPolicy(api, waiting.policy)
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })
      test('looks as it should, and is decided on a phone', async ({ ops, page, api }, info) => {
        const waiting = await pausedRun(api)
        const shot = (name: string) =>
          page.screenshot({ path: info.outputPath(`${name}-${colorScheme}-${width}.png`), fullPage: width > 400 })
        await ops.signIn('release_manager').open(`/ops/traces/${waiting.trace}`)
        await expect(page.getByRole('region', { name: 'Waits for an approval' }).getByRole('link')).toBeVisible()
        await shot('paused')
        await page.goto('/ops/approvals')
        await expect(rowOf(page, waiting)).toBeVisible()
        await shot('inbox')
        await rowOf(page, waiting).locator('[data-row-link]').click()
        const beside = width > 400 ? panel(page) : page.getByRole('dialog', { name: 'task_create' })
        await expect(beside.getByRole('region', { name: 'Action' })).toContainText(waiting.title)
        await shot('decision')
        await beside.getByLabel('Justification').fill(WHY)
        await beside.getByRole('button', { name: 'Approve', exact: true }).click()
        await expect(beside.getByRole('region', { name: 'Decided' })).toContainText(WHY)
        await runAgain(api, waiting).then((trace) => api.post(`/traces/${trace}/cancel`))
        await page.goto('/ops/approvals?tab=all')
        await shot('history')
        await dropPolicy(api, waiting.policy)
      })
    })
