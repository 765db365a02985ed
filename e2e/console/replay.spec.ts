import { runOf } from '../fixtures/runs'
import { traceOf } from '../fixtures/spans'
import { expect, test } from '../fixtures/test'

const STEPS = [{ toolCalls: [{ name: 'task_list' }] }, { text: 'There is nothing to do.' }]

for (const who of ['operator', 'admin'] as const)
  test(`${who} runs it again strictly, and is led to what differs`, async ({ ops, page, api }) => {
    const id = await runOf(api, { steps: STEPS })
    await ops.signIn(who).open(`/ops/traces/${id}`)
    await page.getByRole('button', { name: 'Replay' }).click()
    const dialog = page.getByRole('dialog', { name: 'Run it again' })
    await expect(dialog.getByText('Costs nothing: no model is asked.')).toBeVisible()
    await expect(dialog.getByText('Tools that write are never called', { exact: false })).toBeVisible()
    await dialog.getByRole('button', { name: 'Run replay' }).click()
    await expect(dialog.getByText('Ran to its end')).toBeVisible()
    await dialog.getByRole('link', { name: 'See what differs' }).click()
    await expect(page).toHaveURL(new RegExp(`/ops/diff\\?base=${id}&compare=`))
    await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('Same path for all')
    await page.getByRole('link', { name: 'Open compare trace' }).click()
    await expect(page.getByText('Replay of')).toBeVisible()
    await expect(page.getByRole('link', { name: id.slice(0, 8) })).toHaveAttribute('href', `/ops/traces/${id}`)
  })

test('the model can be asked anew, with another temperature', async ({ ops, page, api }) => {
  const id = await runOf(api, { steps: [{ text: 'Once.' }] })
  await ops.signIn('operator').open(`/ops/traces/${id}`)
  await page.getByRole('button', { name: 'Replay' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run it again' })
  await dialog.getByRole('radio', { name: 'Semantic' }).check()
  await dialog.getByLabel('Temperature').fill('warm')
  await dialog.getByRole('button', { name: 'Run replay' }).click()
  await expect(dialog.getByLabel('Temperature')).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel('Temperature').fill('0.1')
  await dialog.getByRole('button', { name: 'Run replay' }).click()
  await expect(dialog.getByRole('link', { name: 'See what differs' })).toBeVisible()
})

test('a version that is not kept is refused in words, and can be mended', async ({ ops, page, api, errors }) => {
  errors.expectSome(/40[049] \(/)
  const id = await runOf(api, { steps: STEPS })
  await ops.signIn('operator').open(`/ops/traces/${id}`)
  await page.getByRole('button', { name: 'Replay' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run it again' })
  await dialog.getByLabel('Workspace version').selectOption('kept')
  await dialog.getByLabel('Hash').fill('0123456789abcdef')
  await dialog.getByRole('button', { name: 'Run replay' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByLabel('Workspace version').selectOption('recorded')
  await dialog.getByRole('button', { name: 'Run replay' }).click()
  await expect(dialog.getByText('Ran to its end')).toBeVisible()
})

test('what came in from outside says why it cannot be run again', async ({ ops, page, api }) => {
  const id = await traceOf(api, [{ name: 'chat other' }])
  await ops.signIn('operator').open(`/ops/traces/${id}`)
  await page.getByRole('button', { name: 'Replay' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run it again' })
  await expect(dialog.getByText('This trace cannot be run again.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Run replay' })).toHaveCount(0)
})
