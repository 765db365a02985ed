import type { Page } from 'playwright/test'
import { accessibilityFaults } from '../fixtures/axe'
import { expect, test } from '../fixtures/test'
import { FILES, ownWorkspace, pinned, pushed, staged } from '../fixtures/workspaces'

const WINDOWS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]

const faultless = async (page: Page) => {
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  expect(await accessibilityFaults(page)).toEqual([])
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(sideways).toBeLessThanOrEqual(0)
}

for (const theme of ['light', 'dark'] as const)
  for (const viewport of WINDOWS)
    test.describe(`${theme}, ${viewport.width} px`, () => {
      test.use({ colorScheme: theme, viewport })

      for (const who of ['release_manager', 'viewer'] as const)
        test(`a workspace has no fault for ${who}`, async ({ ops, page, api }) => {
          const { id, hash } = await ownWorkspace(api)
          await pushed(api, id, { ...FILES, 'SOUL.md': '# Another\n', 'USER.md': 'New.\n' }, 'Second')
          await ops.signIn(who).open(`/ops/workspaces/${id}`)
          await faultless(page)
          await page.getByRole('tab', { name: 'Prompt' }).click()
          await expect(page.getByRole('region', { name: 'Text of the prompt' })).toBeVisible()
          await faultless(page)
          await page.goto(`/ops/workspaces/${id}?tab=versions&peek=${hash}`)
          await expect(page.getByText('Made from')).toBeVisible()
          await faultless(page)
          await page.goto(`/ops/workspaces/${id}?tab=diff`)
          await expect(page.getByRole('region', { name: 'Files (2)' })).toBeVisible()
          await faultless(page)
        })

      test('a board, a promotion in its dialog and on its page have no fault', async ({ ops, page, api }) => {
        const { id, hash } = await ownWorkspace(api)
        await staged(api, id, hash)
        const next = await pushed(api, id, { ...FILES, 'SOUL.md': '# Another\n' }, 'Second')
        await pinned(api, id, 'dev', next)
        await ops.signIn('release_manager').open(`/ops/environments?workspace_id=${id}`)
        await expect(page.getByText('dev differs')).toBeVisible()
        await faultless(page)
        await page.getByRole('button', { name: 'Promote to staging…' }).click()
        await expect(page.getByRole('list', { name: 'Checks' })).toContainText('Pass')
        await faultless(page)
        await page.getByRole('button', { name: 'Ask for the promotion' }).click()
        await expect(page.getByRole('form', { name: 'Execute' })).toBeVisible({ timeout: 30_000 })
        await faultless(page)
        const href = (await page.getByRole('link', { name: /Open it as a page/ }).getAttribute('href')) ?? ''
        await page.goto(href)
        await page.getByRole('list', { name: 'Checks' }).getByRole('button').first().click()
        await faultless(page)
      })
    })
