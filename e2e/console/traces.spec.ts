import { runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

const SECRET = 'the customer is called Wilhelmina'

const CALLS = [
  { toolCalls: [{ name: 'task_list' }, { name: 'launch_missiles', arguments: { at: 'dawn' } }] },
  { text: 'Nothing was launched.' },
]

const secretRun = { message: SECRET, steps: CALLS }

for (const who of ['viewer', 'operator', 'release_manager'] as const)
  test(`${who} sees what a run did, and that its texts are withheld`, async ({ ops, page, api }) => {
    const id = await runOf(api, secretRun)
    await ops.signIn(who).open(`/ops/traces/${id}`)
    await expect(page.getByText('Succeeded').first()).toBeVisible()
    await expect(page.getByText('Prompt, message, answer and payloads are withheld')).toBeVisible()
    const steps = page.getByRole('tree', { name: 'Steps' }).getByRole('treeitem')
    await expect(steps).toHaveCount(5)
    await expect(steps.filter({ hasText: '[withheld]' })).toContainText('Refused')
    await expect(steps.filter({ hasText: 'task_list' })).not.toContainText('Failed')
    await expect(page.getByText('Demo', { exact: true }).first()).toBeVisible()
    await expect(page.getByRole('region', { name: 'Governance' })).toContainText('[withheld] was refused')
    await steps.filter({ hasText: 'task_list' }).click()
    await expect(page).toHaveURL(/span=[0-9a-f]{16}/)
    const step = page.getByRole('complementary', { name: 'Step' })
    await expect(step.getByText('Messages, arguments and results of this step are withheld')).toBeVisible()
    await expect(step.getByRole('tab', { name: 'Arguments' })).toHaveCount(0)
    expect(await page.content()).not.toContain('Wilhelmina')
    for (const word of ['launch_missiles', 'dawn']) expect(await page.content()).not.toContain(word)
    for (const name of ['Audit rows', 'Compare…'])
      await expect(page.getByRole('link', { name })).toHaveCount(who === 'viewer' ? 0 : 1)
    await expect(page.getByRole('button', { name: 'Replay' })).toHaveCount(who === 'viewer' ? 0 : 1)
    await expect(page.getByRole('button', { name: 'Add annotation' })).toHaveCount(who === 'viewer' ? 0 : 1)
  })

test('an administrator sees texts and payloads, and leaves a row by each look', async ({ ops, page, api }) => {
  const id = await runOf(api, secretRun)
  await ops.signIn('admin').open(`/ops/traces/${id}`)
  await expect(page.getByText(SECRET)).toBeVisible()
  await page.getByRole('tab', { name: 'Answer' }).click()
  await expect(page.getByText('Nothing was launched.')).toBeVisible()
  await page.getByRole('tab', { name: 'System prompt' }).click()
  await expect(page.getByText(/^As the model saw it, after redaction/)).toBeVisible()
  await expect(page.getByText(/≈ [\d,]+ tokens/).first()).toBeVisible()
  await page.getByRole('treeitem').filter({ hasText: 'launch_missiles' }).click()
  const step = page.getByRole('complementary', { name: 'Step' })
  await expect(step.getByRole('tab', { name: 'Arguments' })).toHaveAttribute('aria-selected', 'true')
  await expect(step.getByText('"at": "dawn"')).toBeVisible()
  await step.getByRole('tab', { name: 'Facts' }).click()
  await expect(step.getByText('Permission reason')).toBeVisible()
  await page.getByRole('link', { name: 'Audit rows' }).click()
  await expect(page).toHaveURL(new RegExp(`/ops/audit\\?trace_id=${id}`))
  await expect(page.getByRole('row', { name: /revealed/i })).toHaveCount(2)
})

test('whoever reads texts can say why, and the reason is kept', async ({ ops, page, api }) => {
  const id = await runOf(api, secretRun)
  await ops.signIn('admin').open(`/ops/traces/${id}`)
  await page.getByRole('button', { name: 'Say why' }).click()
  const dialog = page.getByRole('dialog', { name: 'Say why you read this trace' })
  await expect(dialog.getByRole('button', { name: 'Record and show' })).toBeDisabled()
  await dialog.getByLabel('Justification').fill('The customer called about this answer.')
  await dialog.getByRole('button', { name: 'Record and show' }).click()
  await expect(page.getByText('Your reason is recorded')).toBeVisible()
  await page.getByRole('link', { name: 'Audit rows' }).click()
  await expect(page.getByRole('row', { name: /revealed/i })).toHaveCount(2)
})

test('a call of a model says why it cost what it cost', async ({ ops, page, api }) => {
  const id = await runOf(api, { steps: [{ text: 'Cheap.' }] })
  await ops.signIn('viewer').open(`/ops/traces/${id}`)
  await page.getByRole('treeitem').filter({ hasText: 'Model' }).click()
  const step = page.getByRole('complementary', { name: 'Step' })
  await expect(step.getByRole('table', { name: 'Why this price' })).toContainText('Fresh input')
  await expect(step.getByText(/^Price list/)).toBeVisible()
})

test('the keys of a tree walk it, fold it, and the address remembers the step', async ({ ops, page, api }) => {
  const id = await runOf(api, { steps: [{ toolCalls: [{ name: 'task_list' }] }, { fails: 'bad_request' }] })
  await ops.signIn('viewer').open(`/ops/traces/${id}`)
  const items = page.getByRole('treeitem')
  await expect(items).not.toHaveCount(0)
  const all = await items.count()
  await page.getByRole('tree').focus()
  await page.keyboard.press('ArrowLeft')
  await expect(items).toHaveCount(1)
  await expect(items.first()).toHaveAttribute('aria-expanded', 'false')
  await page.keyboard.press('ArrowRight')
  await expect(items).toHaveCount(all)
  await page.keyboard.press('End')
  await expect(items.last()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Home')
  await expect(items.first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(items.nth(1)).toHaveAttribute('aria-selected', 'true')
  await page.reload()
  await expect(page.getByRole('complementary', { name: 'Step' })).toContainText('Model')
  await expect(items.nth(1)).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('button', { name: 'Close step' }).click()
  await expect(page).not.toHaveURL(/span=/)
})

test('a run that failed says why, with each attempt', async ({ ops, page, api }) => {
  const id = await runOf(api, { steps: [{ fails: 'bad_request' }] })
  await ops.signIn('viewer').open(`/ops/traces/${id}`)
  await expect(page.getByRole('region', { name: 'Error' })).toContainText('provider_error')
  await expect(page.getByRole('treeitem').filter({ hasText: 'Bad request' })).toHaveCount(1)
  await page.keyboard.press('e')
  await expect(page.getByRole('complementary', { name: 'Step' })).toContainText('Failed')
})

test('an operator annotates and labels, and both stay', async ({ ops, page, api }) => {
  const id = await runOf(api)
  await ops.signIn('operator').open(`/ops/traces/${id}`)
  const annotations = page.getByRole('region', { name: 'Annotations' })
  await annotations.getByLabel('Annotation', { exact: true }).fill('Answered well.')
  await annotations.getByRole('button', { name: 'Add annotation' }).click()
  await expect(annotations.getByText('Answered well.')).toBeVisible()
  const labels = page.getByRole('region', { name: 'Labels' })
  await labels.getByLabel('Label key').fill('checked')
  await labels.getByLabel('Label value').fill('yes')
  await labels.getByRole('button', { name: 'Add' }).click()
  await expect(labels.getByText('checked')).toBeVisible()
  await page.reload()
  await expect(annotations.getByText('Answered well.')).toBeVisible()
  await expect(labels.getByText('checked')).toBeVisible()
})

test('on a phone a step opens over the page, and closes again', async ({ ops, page, api }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const id = await runOf(api, secretRun)
  await ops.signIn('viewer').open(`/ops/traces/${id}`)
  await page.getByRole('treeitem').filter({ hasText: 'task_list' }).click()
  const sheet = page.getByRole('dialog', { name: 'Step' })
  await expect(sheet.getByText('Succeeded')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(page).not.toHaveURL(/span=/)
})

test('what does not exist, and what is somebody else’s, is the same 404', async ({ ops, page, api, errors }) => {
  errors.expectSome(/404 \(Not Found\)/)
  const id = await runOf(api)
  await ops.signIn('other_tenant').open('/ops')
  for (const unknown of [id, '01930000-0000-7000-8000-00000000dead', 'no-id']) {
    const reply = await page.goto(`/ops/traces/${unknown}`)
    expect(reply?.status()).toBe(404)
    await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
  }
})

test('a step that is not there says so, and the list still works', async ({ ops, page, api, errors }) => {
  errors.expectSome(/404 \(Not Found\)/)
  const id = await runOf(api)
  await ops.signIn('viewer').open(`/ops/traces/${id}?span=00000000deadbeef`)
  await expect(page.getByRole('alert').getByText('This step could not be loaded')).toBeVisible()
  await expect(page.getByRole('treeitem')).not.toHaveCount(0)
})

test('without a session one comes back to the trace after signing in', async ({ page }) => {
  const reply = await page.request.get('/ops/traces/01930000-0000-7000-8000-00000000dead', { maxRedirects: 0 })
  expect(reply.status()).toBe(307)
  expect(reply.headers()['location']).toBe(
    '/ops/sign-in?callback_url=%2Fops%2Ftraces%2F01930000-0000-7000-8000-00000000dead',
  )
})
