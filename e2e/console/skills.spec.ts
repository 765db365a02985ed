import { generateKeyPairSync } from 'node:crypto'
import type { Page } from 'playwright/test'
import { ownName } from '../fixtures/runs'
import { publishedSkill } from '../fixtures/skills'
import { expect, test } from '../fixtures/test'

const manifestOf = (name: string, version: string, more: object = {}): string =>
  JSON.stringify({ name, version, description: 'Greets', instructions: 'Say hello.', ...more })

const next = (page: Page) => page.getByRole('list', { name: 'What may follow' })
const way = (page: Page) => page.getByRole('list', { name: 'The way of a version' })
const h1 = (page: Page) => page.getByRole('heading', { level: 1 })

const move = async (page: Page, state: string) => {
  await next(page)
    .getByRole('button', { name: `${state}…` })
    .click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: new RegExp(`^Make it ${state}`) })
    .click()
}

test('a viewer reads the registry and has no way to change it', async ({ ops, page, api }) => {
  const name = await publishedSkill(api)
  await ops.signIn('viewer').open(`/ops/skills?q=${name}`)
  await expect(page.getByRole('button', { name: 'Publish' })).toHaveCount(0)
  await page.locator(`tr[data-row="${name}"] [data-row-link]`).click()
  const panel = page.getByRole('complementary', { name })
  await expect(panel).toContainText('Published, and no run may use it yet.')
  await panel.getByRole('link', { name: 'Open the skill' }).click()
  await expect(h1(page)).toHaveText(name)
  await expect(next(page)).toContainText('none has been made')
  await expect(next(page).getByRole('button')).toHaveCount(0)
  await expect(page.getByText('To change its state one needs to be an admin')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run tests…' })).toHaveCount(0)
  await page.goto('/ops/skills?view=signers')
  await expect(page.getByText('To add or revoke signers one needs to be an admin')).toBeVisible()
})

test('a release manager publishes a manifest, is told what is wrong with it, and runs its tests', async ({
  ops,
  page,
  errors,
}) => {
  errors.expectSome(/400/)
  const name = ownName()
  await ops.signIn('release_manager').open('/ops/skills')
  await page.getByRole('button', { name: 'Publish' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Publish a version of a skill' })
  const box = dialog.getByLabel('SKILL.md or manifest')
  await box.fill('{"name":')
  await expect(dialog).toContainText('This is no JSON')
  await box.fill(manifestOf(name, '1.0'))
  await dialog.getByRole('button', { name: /^Publish spec/ }).click()
  await expect(dialog.getByRole('list', { name: 'What is wrong' })).toContainText('must be x.y.z')
  const says = `demo: ${JSON.stringify([{ text: 'Hello' }])}`
  const tests = [{ name: 'greets', input: { message: says }, expect: { output: 'Hello' } }]
  await box.fill(manifestOf(name, '1.0.0', { tests, permissions: { tools: ['task_list'] } }))
  await dialog.getByRole('button', { name: `Publish ${name}@1.0.0` }).click()
  await expect(page.getByText(`${name} 1.0.0 is published`)).toBeVisible()
  await expect(h1(page)).toHaveText(name)
  await page.getByRole('button', { name: 'Run tests…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Run the tests' }).click()
  await expect(page.getByText('Every test passed')).toBeVisible()
  await expect(next(page)).toContainText('1 of 1 tests passed on exactly this content')
  const trace = page.getByRole('link', { name: 'Trace of greets' })
  await expect(trace).toBeVisible()
  await trace.click()
  await expect(page).toHaveURL(/\/ops\/traces\//)
})

test('an admin takes a version from draft to active, and out of use', async ({ ops, page, api }) => {
  const name = await publishedSkill(api)
  await ops.signIn('admin').open(`/ops/skills/${name}`)
  await next(page).getByRole('button', { name: 'Tested…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('No test run has passed on exactly this content')
  await expect(dialog.getByRole('button', { name: /^Make it Tested/ })).toBeDisabled()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Run tests…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Run the tests' }).click()
  await expect(page.getByText('Every test passed')).toBeVisible()
  for (const state of ['Tested', 'Approved', 'Active']) {
    await move(page, state)
    await expect(way(page).locator('[aria-current=step]')).toHaveText(state)
  }
  await next(page).getByRole('button', { name: 'Deprecated…' }).click()
  const last = page.getByRole('dialog')
  await expect(last.getByRole('button', { name: 'Make it Deprecated' })).toBeDisabled()
  await last.getByLabel(`Type ${name} to confirm`).fill(name)
  await last.getByRole('button', { name: 'Make it Deprecated' }).click()
  await expect(page.getByText('Nothing follows it. A change is a new version.')).toBeVisible()
  await page.goto(`/ops/skills?q=${name}`)
  await expect(page.getByRole('heading', { name: 'No skill has these words' })).toBeVisible()
  await page.getByLabel('Versions shown').selectOption('deprecated')
  await expect(page.getByRole('link', { name: `${name} 1.0.0` })).toBeVisible()
})

test('tests that fail are passed only with a receipt', async ({ ops, page, api }) => {
  const name = await publishedSkill(api, { answers: 'Goodbye', expects: 'Hello' })
  await ops.signIn('admin').open(`/ops/skills/${name}?tab=tests`)
  await page.getByRole('button', { name: 'Run tests…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Run the tests' }).click()
  await expect(page.getByText('1 of 1 tests failed')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'expected "Hello"' }).first()).toBeVisible()
  await next(page).getByRole('button', { name: 'Tested…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Pass the check').check()
  await dialog.getByLabel('Justification').fill('The test is wrong, the next version mends it')
  await dialog.getByRole('button', { name: 'Make it Tested by override' }).click()
  await expect(way(page).locator('[aria-current=step]')).toHaveText('Tested')
  await expect(page.getByText('By an override: a second person acknowledges its receipt.')).toBeVisible()
  await page.goto('/ops/receipts')
  await expect(page.getByText(`${name}@1.0.0`).first()).toBeVisible()
})

test('what a version may do that the one before may not is told before it is approved', async ({ ops, page, api }) => {
  const name = await publishedSkill(api, { more: { permissions: { tools: ['task_list'], maxTokens: 500 } } })
  await publishedSkill(api, { name, version: '1.1.0', more: { permissions: { tools: ['task_create'] } } })
  await ops.signIn('viewer').open(`/ops/skills/${name}?version=1.1.0`)
  const change = page.getByRole('region', { name: 'Permissions against the version before' })
  await expect(change.getByRole('listitem')).toHaveText([
    /wider.*Tool task_create/,
    /wider.*500 tokens → no limit of tokens/,
    /narrower.*Tool task_list/,
  ])
  await page.getByRole('tab', { name: 'Versions' }).click()
  await expect(page.getByRole('row').filter({ hasText: '1.0.0' })).toContainText('Draft')
})

test('an admin adds a signer and takes it back', async ({ ops, page }) => {
  const name = ownName()
  const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' })
  await ops.signIn('admin').open('/ops/skills?view=signers')
  await page.getByRole('button', { name: 'Add a signer…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Public key').fill(String(key))
  await dialog.getByRole('button', { name: 'Add the signer' }).click()
  const line = page.getByRole('main').getByRole('listitem').filter({ hasText: name })
  await expect(line).toContainText('Believed')
  await line.getByRole('button', { name: 'Revoke…' }).click()
  await page.getByRole('dialog').getByLabel(`Type ${name} to confirm`).fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }).click()
  await expect(line).toContainText('Revoked')
})

test('the skills of a workspace stand beside those of the registry', async ({ ops, page }) => {
  await ops.signIn('viewer').open('/ops/skills?view=files')
  await expect(page.getByRole('region', { name: 'Skills of a workspace' })).toBeVisible()
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  await expect(page.getByText(/can run on this host/)).toBeVisible()
})

test('a skill of another tenant is not there', async ({ ops, page, api, errors }) => {
  errors.expectSome(/404/)
  const name = await publishedSkill(api)
  await ops.signIn('other_tenant').open('/ops')
  expect((await page.goto(`/ops/skills/${name}`))?.status()).toBe(404)
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })
      test('looks as it should', async ({ ops, page, api }, info) => {
        const long = `${ownName()}-${'very-long-name-'.repeat(3)}`.slice(0, 63).replace(/-$/, 'x')
        await publishedSkill(api, { name: long, more: { permissions: { tools: ['task_list'] } } })
        await publishedSkill(api, { name: long, version: '1.1.0', more: { permissions: { tools: ['task_create'] } } })
        const shot = (name: string) =>
          page.screenshot({ path: info.outputPath(`${name}-${colorScheme}-${width}.png`), fullPage: true })
        await ops.signIn('admin').open('/ops/skills')
        await expect(page.locator(`tr[data-row="${long}"]`)).toBeVisible()
        await shot('skills')
        await page.goto(`/ops/skills/${long}`)
        await expect(next(page)).toBeVisible()
        await expect(page.getByRole('region', { name: 'Permissions against the version before' })).toBeVisible()
        await shot('skill')
        await page.getByRole('button', { name: 'Run tests…' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Run the tests' }).click()
        await expect(page.getByText('Every test passed')).toBeVisible()
        await shot('tests')
        await next(page).getByRole('button', { name: 'Tested…' }).click()
        await shot('promote')
        await page.keyboard.press('Escape')
        await page.getByRole('tab', { name: 'Versions' }).click()
        await expect(page.getByRole('table')).toBeVisible()
        await shot('versions')
        await page.goto('/ops/skills?view=files')
        await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
        await shot('files')
        await page.goto('/ops/skills')
        await page.getByRole('button', { name: 'Publish' }).first().click()
        await shot('publish')
      })
    })
