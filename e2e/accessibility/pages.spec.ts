import type { Page } from 'playwright/test'
import { expectNoFaults } from '../fixtures/axe'
import { runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

const PAGES = [
  ...['/ops', '/ops/playground', '/ops/audit', '/ops/audit?peek=2', '/ops/keys', '/ops/webhooks'],
  '/ops/receipts',
  ...['/ops/approvals', '/ops/approvals?tab=all', '/ops/policies', '/ops/agents'],
  ...['/ops/cost', '/ops/risk', '/ops/budgets'],
  '/ops/retention',
  ...['/ops/skills', '/ops/skills?view=files', '/ops/skills?view=signers'],
  ...['/ops/evals', '/ops/evals/datasets', '/ops/evals/compare', '/ops/evals/queue'],
  ...['/ops/workspaces', '/ops/environments', '/ops/promotions'],
  ...['/ops/health', '/ops/system', '/ops/reference'],
  ...[
    '/ops/traces',
    '/ops/diff',
    '/ops/sessions',
    '/ops/stats',
    '/ops/ingest',
    '/ops/sessions/runs?session_key=user:axe:agent',
  ],
]
const OUTSIDE = ['/ops/sign-in?error=no_role', '/ops/sign-in?signed_out=1', '/ops/signed-out']
const settled = async (page: Page) => {
  await expect(page.getByRole('heading').first()).toBeVisible()
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
}

for (const path of PAGES)
  test(`${path} has no fault`, async ({ ops, page }) => {
    await ops.signIn('admin').open(path)
    await settled(page)
    await expectNoFaults(page)
  })

for (const who of ['admin', 'viewer'] as const)
  test(`a trace has no fault for ${who}`, async ({ ops, page, api }) => {
    const steps = [{ toolCalls: [{ name: 'task_list' }, { name: 'nothing' }] }, { text: 'There.' }]
    const id = await runOf(api, { user: 'axe', steps })
    await ops.signIn(who).open(`/ops/traces/${id}`)
    await settled(page)
    await expectNoFaults(page)
    await page.getByRole('treeitem').nth(1).click()
    await expect(page.getByRole('tab', { name: 'Facts' })).toBeVisible()
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    await expectNoFaults(page)
  })

for (const who of ['admin', 'operator'] as const)
  test(`a comparison has no fault for ${who}`, async ({ ops, page, api }) => {
    const base = await runOf(api, {
      user: 'axe',
      steps: [{ toolCalls: [{ name: 'task_list' }] }, { text: 'One.' }],
    })
    const compare = await runOf(api, { user: 'axe', steps: [{ text: 'Another.' }] })
    await ops.signIn(who).open(`/ops/diff?base=${base}&compare=${compare}`)
    await settled(page)
    await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible()
    await expectNoFaults(page)
  })

test('the replay form has no fault', async ({ ops, page, api }) => {
  await ops.signIn('operator').open(`/ops/traces/${await runOf(api, { user: 'axe' })}`)
  await page.getByRole('button', { name: 'Replay' }).click()
  await expect(page.getByRole('button', { name: 'Run replay' })).toBeVisible()
  await expectNoFaults(page)
})

test('a conversation has no fault', async ({ ops, page, errors }) => {
  errors.expectSome(/502 \(Bad Gateway\)/)
  await ops.signIn('admin').open('/ops/playground')
  const box = page.getByRole('textbox', { name: 'Message' })
  await box.fill('demo: [{"text":"Look:","toolCalls":[{"name":"task_list"},{"name":"nothing"}]},{"text":"Done."}]')
  await box.press('Control+Enter')
  await expect(page.getByText('Completed')).toBeVisible()
  await box.fill('demo: [{"fails":"auth"}]')
  await box.press('Control+Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'provider_error' })).toBeVisible()
  await expectNoFaults(page)
})

for (const path of OUTSIDE)
  test(`${path} has no fault`, async ({ page }) => {
    await page.goto(path)
    await settled(page)
    await expectNoFaults(page)
  })

test('a closed page has no fault', async ({ ops, page, errors }) => {
  errors.expectSome(/403 \(Forbidden\)/)
  await ops.signIn('viewer').open('/ops/keys')
  await settled(page)
  await expectNoFaults(page)
})
