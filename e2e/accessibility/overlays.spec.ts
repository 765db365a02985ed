import type { Page } from 'playwright/test'
import { accessibilityFaults, still } from '../fixtures/axe'
import { expect, test } from '../fixtures/test'

type Overlay = { name: string; path: string; open: (page: Page) => Promise<void> }

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()

const OVERLAYS: readonly Overlay[] = [
  { name: 'the palette', path: '/ops', open: (page) => page.keyboard.press('Control+k') },
  { name: 'the keyboard map', path: '/ops', open: (page) => page.keyboard.press('?') },
  { name: 'the person menu', path: '/ops', open: press(/Admin$/) },
  { name: 'the chart as a table', path: '/ops', open: press('View as table') },
  { name: 'the filter list', path: '/ops/audit', open: press('Filter') },
  { name: 'the verification', path: '/ops/audit', open: press('Verify now') },
  { name: 'the erase form', path: '/ops/audit?peek=2', open: press('Erase payload') },
  { name: 'the new key form', path: '/ops/keys', open: press('Create key') },
  { name: 'the publishing form', path: '/ops/skills', open: press('Publish') },
  { name: 'the new signer', path: '/ops/skills?view=signers', open: press('Add a signer…') },
  { name: 'the new run', path: '/ops/evals', open: press('New run') },
  { name: 'the new dataset', path: '/ops/evals/datasets', open: press('New dataset') },
  { name: 'the saved views', path: '/ops/traces', open: press('Views') },
  { name: 'the columns', path: '/ops/traces', open: press('Columns') },
  { name: 'the export menu', path: '/ops/traces', open: press('Export') },
  { name: 'the filters of the statistics', path: '/ops/stats', open: press('Filter') },
  { name: 'an open endpoint', path: '/ops/reference', open: press(/GET \/audit/) },
]

for (const overlay of OVERLAYS)
  test(`${overlay.name} has no fault`, async ({ ops, page }) => {
    await ops.signIn('admin').open(overlay.path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await overlay.open(page)
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await still(page)
      expect(await accessibilityFaults(page), colorScheme).toEqual([])
    }
  })

test('nothing moves for whoever asked for calm', async ({ ops, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await ops.signIn('admin').open('/ops')
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  expect(await dialog.evaluate((element) => getComputedStyle(element).animationName)).toBe('none')
})
