import { readFileSync } from 'node:fs'
import type { Page } from 'playwright/test'
import { ownName } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'
import { FILES, ownWorkspace, pushed, SOUL } from '../fixtures/workspaces'

const editor = (page: Page, path: string) => page.getByRole('textbox', { name: `Content of ${path}` })
const save = async (page: Page, message: string) => {
  await page.getByRole('button', { name: /^Save version…/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Save a version' })
  await dialog.getByLabel('Message').fill(message)
  await dialog.getByRole('button', { name: 'Save the version' }).click()
  return dialog
}

for (const who of ['viewer', 'operator'] as const)
  test(`${who} reads a workspace and has no way to change it`, async ({ ops, page, api }) => {
    const { id, hash } = await ownWorkspace(api)
    await ops.signIn(who).open(`/ops/workspaces?q=${id}`)
    const row = page.locator('tr[data-row]').filter({ hasText: id })
    await expect(row).toContainText('The first version')
    await row.getByRole('link', { name: id }).click()
    await expect(page.getByRole('heading', { level: 1, name: id })).toBeVisible()
    await expect(page.getByText('To edit one needs to be a release manager or above')).toBeVisible()
    await expect(page.getByText('You answer customers of a shop for tea.')).toBeVisible()
    await expect(page.getByRole('button', { name: /New file|Delete file|Save version/ })).toHaveCount(0)
    await page.getByRole('navigation', { name: 'Files' }).getByRole('button', { name: 'support.md' }).click()
    await expect(page).toHaveURL(/file=souls%2Fsupport\.md|file=souls\/support\.md/)
    await expect(page.getByText('You help people with orders.')).toBeVisible()
    await page.getByRole('tab', { name: 'Prompt' }).click()
    const text = page.getByRole('region', { name: 'Text of the prompt' })
    await expect(text).toContainText('You answer customers of a shop for tea.')
    await page.getByRole('combobox', { name: 'Role' }).selectOption('support')
    await expect(text).toContainText('You help people with orders.')
    await expect(text).not.toContainText('shop for tea')
    await page.getByRole('tab', { name: 'Versions (1)' }).click()
    await page.locator('[data-row-link]').first().click()
    await expect(page.getByRole('complementary')).toContainText(hash)
    await expect(page.getByRole('complementary')).toContainText('Command line')
  })

for (const who of ['release_manager', 'admin'] as const)
  test(`${who} edits files beside the prompt and saves them as a version`, async ({ ops, page, api }) => {
    const { id, hash } = await ownWorkspace(api)
    await ops.signIn(who).open(`/ops/workspaces/${id}`)
    await editor(page, 'SOUL.md').fill(`${SOUL}\nNever speak of coffee.\n`)
    await expect(page.getByText('Changed, not saved')).toBeVisible()
    await page.getByRole('tab', { name: 'Prompt' }).click()
    await expect(page.getByText('With your changes, not saved')).toBeVisible()
    await expect(page.getByRole('region', { name: 'Text of the prompt' })).toContainText('Never speak of coffee.')
    await page.reload()
    await page.getByRole('tab', { name: 'Files' }).click()
    await expect(page.getByRole('button', { name: 'Save version… (1)' })).toBeVisible()

    await page.getByRole('button', { name: 'New file…' }).click()
    const fresh = page.getByRole('dialog', { name: 'A new file' })
    await fresh.getByLabel('Path').fill('../escape.md')
    await fresh.getByRole('button', { name: 'Add the file' }).click()
    await expect(fresh.getByText('A path does not go up')).toBeVisible()
    await fresh.getByLabel('Path').fill('souls/sales.md')
    await fresh.getByRole('button', { name: 'Add the file' }).click()
    await editor(page, 'souls/sales.md').fill('# Sales\n')
    const tree = page.getByRole('navigation', { name: 'Files' })
    await tree.getByRole('button', { name: 'support.md' }).click()
    await page.getByRole('button', { name: 'Delete file' }).click()
    await expect(page.getByText('Deleted, not saved')).toBeVisible()

    await save(page, 'No coffee, and somebody who sells')
    await expect(page.getByText(/^Version [0-9a-f]{8} is saved$/)).toBeVisible()
    await expect(page.getByRole('button', { name: /^Save version…/ })).toHaveCount(0)
    await expect(tree.getByRole('button', { name: 'sales.md' })).toBeVisible()
    await expect(tree.getByRole('button', { name: 'support.md' })).toHaveCount(0)
    await page.getByRole('tab', { name: 'Versions (2)' }).click()
    await expect(page.locator('tr[data-row]').first()).toContainText('No coffee, and somebody who sells')

    await page.getByRole('tab', { name: 'Compare' }).click()
    await expect(page.getByRole('region', { name: 'Files (3)' })).toContainText('Never speak of coffee.')
    await expect(page.getByRole('region', { name: 'Prompt (3 roles)' })).toContainText('agent')
    await expect(page.getByRole('region', { name: 'Impact' })).toContainText(/risk/)

    await page.goto(`/ops/workspaces/${id}?version=${hash}`)
    await expect(page.getByText('An earlier version: it never changes.')).toBeVisible()
    await expect(editor(page, 'SOUL.md')).toHaveCount(0)
    await page.getByRole('button', { name: 'Edit the last one' }).click()
    await expect(editor(page, 'SOUL.md')).toHaveValue(/Never speak of coffee/)
  })

test('what was saved meanwhile is shown, and nothing is lost or overwritten unseen', async ({
  ops,
  page,
  api,
  errors,
}) => {
  errors.expectSome(/409 \(Conflict\)/)
  const { id } = await ownWorkspace(api)
  await ops.signIn('release_manager').open(`/ops/workspaces/${id}`)
  await editor(page, 'SOUL.md').fill('# Mine\n')
  await pushed(api, id, { ...FILES, 'SOUL.md': '# Theirs\n', 'USER.md': 'New.\n' }, 'Somebody was faster')
  const dialog = await save(page, 'Mine')
  const told = dialog.getByRole('region', { name: 'Saved meanwhile' })
  await expect(told).toContainText('Somebody was faster')
  await expect(told).toContainText('Changed there and by you: SOUL.md')
  await expect(dialog.getByRole('button', { name: 'Save the version' })).toBeDisabled()
  await told.getByRole('button', { name: /^Carry mine over to/ }).click()
  await expect(told).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Save the version' }).click()
  await expect(page.getByText(/^Version [0-9a-f]{8} is saved$/)).toBeVisible()
  await expect(editor(page, 'SOUL.md')).toHaveValue('# Mine\n')
  await expect(page.getByRole('navigation', { name: 'Files' }).getByRole('button', { name: 'USER.md' })).toBeVisible()
})

test('a version is had as an archive, and two of them are compared by the keyboard', async ({ ops, page, api }) => {
  const { id, hash } = await ownWorkspace(api)
  await pushed(api, id, { ...FILES, 'SOUL.md': '# Another\n' }, 'Second')
  await ops.signIn('viewer').open(`/ops/workspaces/${id}?tab=versions&peek=${hash}`)
  const loading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  await page.getByRole('menuitem', { name: /archive/ }).click()
  const file = await loading
  expect(file.suggestedFilename()).toBe(`${id}-${hash}.tar`)
  expect(readFileSync(await file.path()).includes('shop for tea')).toBe(true)
  await page.keyboard.press('Escape')
  await page.locator('[data-row-link]').first().focus()
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByRole('link', { name: 'Compare the two' }).click()
  await expect(page.getByRole('region', { name: 'Files (1)' })).toContainText('# Another')
})

test('a workspace without a version says how to make one', async ({ ops, page, api }) => {
  const id = ownName()
  await api.post('/workspace/envs/init', { data: { workspace_id: id } })
  await ops.signIn('viewer').open(`/ops/workspaces/${id}`)
  await expect(page.getByRole('heading', { name: 'No version of this workspace is saved yet' })).toBeVisible()
  await expect(page.getByText(`clasper workspace push . --workspace ${id}`)).toBeVisible()
})

test('a workspace that does not exist is a page of its own', async ({ ops, page, errors }) => {
  errors.expectSome(/404 \(Not Found\)/)
  await ops.signIn('viewer').open('/ops')
  expect((await page.goto('/ops/workspaces/nobody-has-this'))?.status()).toBe(404)
})

const LONG = 'a'.repeat(110)
const HOSTILE = {
  ...FILES,
  [`skills/${LONG}/${LONG}/notes-<b>bold.md`]: 'x'.repeat(4_000),
  'deep/er/and/deeper/still/file.md': 'Down here.\n',
}

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })
      test('looks as it should', async ({ ops, page, api }, info) => {
        const { id, hash } = await ownWorkspace(api, HOSTILE)
        const last = await pushed(
          api,
          id,
          { ...HOSTILE, 'SOUL.md': `${SOUL}\nNever speak of coffee.\n` },
          'word '.repeat(60),
        )
        const shot = (name: string) =>
          page.screenshot({ path: info.outputPath(`${name}-${colorScheme}-${width}.png`), fullPage: true })
        await ops.signIn('release_manager').open(`/ops/workspaces?q=${id}`)
        await shot('list')
        await page.goto(`/ops/workspaces/${id}`)
        await expect(editor(page, 'SOUL.md')).toBeVisible()
        await editor(page, 'SOUL.md').fill('# Changed\n')
        await shot('files')
        await page.getByRole('button', { name: /^Save version…/ }).click()
        await shot('save')
        await page.keyboard.press('Escape')
        await page.getByRole('tab', { name: 'Prompt' }).click()
        await expect(page.getByRole('region', { name: 'Text of the prompt' })).toContainText('# Changed')
        await shot('prompt')
        await page.goto(`/ops/workspaces/${id}?tab=versions&peek=${last}`)
        await expect(page.getByText('Made from')).toBeVisible()
        await shot('versions')
        await page.goto(`/ops/workspaces/${id}?tab=diff&from=${hash}&to=${last}`)
        await expect(page.getByRole('region', { name: 'Impact' })).toContainText('Prompt')
        await shot('diff')
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(sideways).toBeLessThanOrEqual(0)
      })
    })
