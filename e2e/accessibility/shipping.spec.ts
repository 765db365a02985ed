import { expectNoFaults } from '../fixtures/axe'
import { expect, test } from '../fixtures/test'
import { FILES, ownWorkspace, pinned, pushed, staged } from '../fixtures/workspaces'

for (const who of ['release_manager', 'viewer'] as const)
  test(`a workspace has no fault for ${who}`, async ({ ops, page, api }) => {
    const { id, hash } = await ownWorkspace(api)
    await pushed(api, id, { ...FILES, 'SOUL.md': '# Another\n', 'USER.md': 'New.\n' }, 'Second')
    await ops.signIn(who).open(`/ops/workspaces/${id}`)
    await expectNoFaults(page)
    await page.getByRole('tab', { name: 'Prompt' }).click()
    await expect(page.getByRole('region', { name: 'Text of the prompt' })).toBeVisible()
    await expectNoFaults(page)
    await page.goto(`/ops/workspaces/${id}?tab=versions&peek=${hash}`)
    await expect(page.getByText('Made from')).toBeVisible()
    await expectNoFaults(page)
    await page.goto(`/ops/workspaces/${id}?tab=diff`)
    await expect(page.getByRole('region', { name: 'Files (2)' })).toBeVisible()
    await expectNoFaults(page)
  })

test('a board, a promotion in its dialog and on its page have no fault', async ({ ops, page, api }) => {
  const { id, hash } = await ownWorkspace(api)
  await staged(api, id, hash)
  const next = await pushed(api, id, { ...FILES, 'SOUL.md': '# Another\n' }, 'Second')
  await pinned(api, id, 'dev', next)
  await ops.signIn('release_manager').open(`/ops/environments?workspace_id=${id}`)
  await expect(page.getByText('dev differs')).toBeVisible()
  await expectNoFaults(page)
  await page.getByRole('button', { name: 'Promote to staging…' }).click()
  await expect(page.getByRole('list', { name: 'Checks' })).toContainText('Pass')
  await expectNoFaults(page)
  await page.getByRole('button', { name: 'Ask for the promotion' }).click()
  await expect(page.getByRole('form', { name: 'Execute' })).toBeVisible({ timeout: 30_000 })
  await expectNoFaults(page)
  const href = (await page.getByRole('link', { name: /Open it as a page/ }).getAttribute('href')) ?? ''
  await page.goto(href)
  await page.getByRole('list', { name: 'Checks' }).getByRole('button').first().click()
  await expectNoFaults(page)
})
