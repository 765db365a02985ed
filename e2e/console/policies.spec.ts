import type { Page } from 'playwright/test'
import { dropPolicy, guardTasks } from '../fixtures/approvals'
import { ownName, runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

const STEPS = [
  { text: 'I will.', toolCalls: [{ name: 'task_create', arguments: { title: 'From a test' } }] },
  { text: 'Done.' },
]

const rowOf = (page: Page, id: string) => page.locator('tr[data-row]').filter({ hasText: id })
const panel = (page: Page, id: string) => page.getByRole('complementary', { name: id })

test('an operator reads policies and has no way to change them', async ({ ops, page, api }) => {
  const policy = await guardTasks(api, ownName())
  await ops.signIn('operator').open('/ops/policies')
  await expect(page.getByRole('button', { name: 'New policy' })).toHaveCount(0)
  await rowOf(page, policy).locator('[data-row-link]').click()
  await expect(panel(page, policy)).toContainText('New tasks of this role are looked at first')
  await expect(panel(page, policy)).toContainText('To change it one needs to be a release manager or above')
  await expect(panel(page, policy).getByRole('button', { name: /Change|Delete|Disable/ })).toHaveCount(0)
  await dropPolicy(api, policy)
})

for (const who of ['release_manager', 'admin'] as const)
  test(`${who} writes a policy, sees what it would have done, and it holds`, async ({ ops, page, api }) => {
    const role = ownName()
    const id = `no-tasks-${role}`
    await guardTasks(api, role, { effect: 'allow' })
    await runOf(api, { role, steps: STEPS })
    await ops.signIn(who).open('/ops/policies')
    await page.getByRole('button', { name: 'New policy' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'A new policy' })
    await dialog.getByRole('button', { name: 'Save the policy' }).click()
    await expect(dialog.getByRole('alert')).toContainText('Not saved')
    await dialog.getByLabel('Policy id').fill(id)
    await dialog.getByLabel('Name').fill('task_create')
    await dialog.getByRole('button', { name: 'Condition', exact: true }).click()
    await dialog.getByLabel('Field of condition 1').fill('agent_role')
    await dialog.getByLabel('Value of condition 1').fill(role)
    await dialog.getByLabel('Effect').selectOption('deny')
    await dialog.getByLabel('Precedence').fill('60')
    await dialog.getByLabel('Explanation').fill('This role makes no tasks')
    const trial = dialog.getByRole('region', { name: 'Dry run' })
    await expect(trial).toContainText('Allow')
    await trial.getByLabel('Agent role').fill(role)
    await expect(trial).toContainText('This role makes no tasks')
    const past = dialog.getByRole('region', { name: 'What would have changed' })
    await expect(past.getByRole('status')).toContainText(/^1 of .* would be another/)
    await expect(past.getByRole('listitem')).toContainText(/task_create.*Allow.*Deny/s)
    await dialog.getByRole('button', { name: 'Save the policy' }).click()
    await expect(page.getByText(`${id} is saved`)).toBeVisible()
    await expect(panel(page, id)).toContainText(`agent_role is ${role}`)
    const trace = await runOf(api, { role, steps: STEPS })
    await page.goto(`/ops/traces/${trace}`)
    await expect(page.getByRole('region', { name: 'Governance' })).toContainText('task_create was refused')
    await page.goto(`/ops/policies?peek=${id}`)
    await panel(page, id).getByRole('button', { name: 'Disable…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable', exact: true }).click()
    await expect(page.getByText(`${id} is disabled`)).toBeVisible()
    await panel(page, id).getByRole('button', { name: 'Delete…' }).click()
    const last = page.getByRole('dialog')
    await expect(last.getByRole('button', { name: 'Delete for good' })).toBeDisabled()
    await last.getByLabel(`Type ${id} to confirm`).fill(id)
    await last.getByRole('button', { name: 'Delete for good' }).click()
    await expect(rowOf(page, id)).toHaveCount(0)
    await dropPolicy(api, `tasks-of-${role}`)
  })

test('two people at one policy: the second is told, and loses nothing', async ({ ops, page, api, errors }) => {
  errors.expectSome(/409/)
  const policy = await guardTasks(api, ownName())
  await ops.signIn('release_manager').open(`/ops/policies?peek=${policy}`)
  await panel(page, policy).getByRole('button', { name: 'Change…' }).click()
  const dialog = page.getByRole('dialog', { name: `Change ${policy}` })
  await dialog.getByLabel('Explanation').fill('What I wrote')
  const other = await api.patch(`/api/policies/${policy}`, { data: { revision: 1, explanation: 'What another wrote' } })
  expect(other.status()).toBe(200)
  await dialog.getByRole('button', { name: 'Save the change' }).click()
  const told = dialog.getByRole('region', { name: 'Changed meanwhile' })
  await expect(told).toContainText('it is at revision 2')
  await told.getByRole('button', { name: 'Take what is stored' }).click()
  await expect(dialog.getByLabel('Explanation')).toHaveValue('What another wrote')
  await expect(told).toHaveCount(0)
  await dialog.getByLabel('Explanation').fill('What we both wrote')
  await dialog.getByRole('button', { name: 'Save the change' }).click()
  await expect(page.getByText(`${policy} is saved`)).toBeVisible()
  await expect(panel(page, policy)).toContainText('What we both wrote')
  await dropPolicy(api, policy)
})

test('a rule that looks into what was sent is not simulated for those who may not read it', async ({
  ops,
  page,
  errors,
}) => {
  errors.expectSome(/403/)
  await ops.signIn('release_manager').open('/ops/policies')
  await page.getByRole('button', { name: 'New policy' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'A new policy' })
  await dialog.getByLabel('Name').fill('refund_create')
  await dialog.getByRole('button', { name: 'Condition', exact: true }).click()
  await dialog.getByLabel('Field of condition 1').fill('arguments.amount_usd')
  await dialog.getByLabel('Operator of condition 1').selectOption('gte')
  await dialog.getByLabel('Value of condition 1').fill('100')
  await expect(dialog.getByRole('region', { name: 'What would have changed' }).getByRole('alert')).toContainText(
    'dry run takes an example instead',
  )
  const trial = dialog.getByRole('region', { name: 'Dry run' })
  await trial.getByLabel('Arguments').fill('{"amount_usd": 99}')
  await expect(trial).toContainText('No policy speaks of')
  await trial.getByLabel('Arguments').fill('{"amount_usd": 250}')
  await expect(trial).toContainText('Ask a person')
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })
      test('looks as it should', async ({ ops, page, api }, info) => {
        const policy = await guardTasks(api, ownName())
        const shot = (name: string) =>
          page.screenshot({ path: info.outputPath(`${name}-${colorScheme}-${width}.png`), fullPage: width > 400 })
        await ops.signIn('release_manager').open('/ops/policies')
        await expect(rowOf(page, policy)).toBeVisible()
        await shot('policies')
        await page.goto(`/ops/policies?peek=${policy}`)
        await page.getByRole('button', { name: 'Change…' }).click()
        await expect(page.getByRole('region', { name: 'What would have changed' }).getByRole('status')).toBeVisible()
        await shot('editor')
        await page.getByRole('button', { name: 'Cancel' }).click()
        await shot('policy')
        await dropPolicy(api, policy)
      })
    })
