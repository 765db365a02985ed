import type { APIRequestContext, Page } from 'playwright/test'
import { signInAs } from '../fixtures/sign-in'
import { expect, test } from '../fixtures/test'

const ONE_SECOND = { timeout: 1000, intervals: [50] }

const createKey = async (page: Page, name: string): Promise<string> => {
  await page.goto('/ops/keys')
  await page.getByRole('button', { name: 'Create key' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await expect(dialog.getByRole('heading', { name: 'The new key' })).toBeVisible()
  const secret = (await dialog.getByText(/^clk_/).first().textContent()) ?? ''
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toBeVisible()
  return secret
}

const revokeKey = async (page: Page, name: string): Promise<void> => {
  await page.goto('/ops/keys')
  await page
    .getByRole('row', { name: new RegExp(name) })
    .getByRole('link')
    .click()
  await page.getByRole('button', { name: 'Revoke' }).click()
  const dialog = page.getByRole('dialog', { name: new RegExp(`Revoke .${name}.`) })
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name)
  await dialog.getByRole('button', { name: 'Revoke for good' }).click()
  await expect(dialog).toBeHidden()
}

const statusWith = async (request: APIRequestContext, secret: string, url: string): Promise<number> =>
  (await request.get(`${url}/audit?limit=1`, { headers: { authorization: `Bearer ${secret}` } })).status()

const proveInConsole = async (page: Page, keyId: string): Promise<void> => {
  await page.goto(`/ops/audit?entity_id=${keyId}`)
  await page.getByRole('row').nth(1).getByRole('link').click()
  await expect(page.getByText('Proven', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Verify now' }).click()
  await expect(page.getByText('The log is complete and unchanged.')).toBeVisible()
}

test('the golden journey: sign in, give out a key, prove it, take it back, sign out for good', async ({
  page,
  context,
  request,
  site,
}) => {
  test.setTimeout(120_000)
  const name = `journey ${site.project}`
  const everywhere = [site.url, ...site.instances]

  await test.step('sign in', async () => {
    await signInAs(page, site, 'admin')
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  })

  const secret = await test.step('create an API key and use it on every instance', async () => {
    const created = await createKey(page, name)
    for (const url of everywhere) expect(await statusWith(request, created, url)).toBe(200)
    return created
  })

  const keyId = await test.step('its creation is in the audit log', async () => {
    const listed = await page.request.get('/ops/api/keys')
    const { keys } = (await listed.json()) as { keys: { id: string; name: string }[] }
    const id = keys.find((key) => key.name === name)?.id ?? ''
    const audit = await request.get(`${site.url}/audit?entity_id=${id}`, {
      headers: { authorization: `Bearer ${secret}` },
    })
    const { entries } = (await audit.json()) as { entries: { event_type: string; actor: string }[] }
    expect(entries).toHaveLength(1)
    expect(entries[0]?.actor).toContain('ada')
    return id
  })

  await test.step('the proof holds, and so does the whole log', () => proveInConsole(page, keyId))

  await test.step('revoke it: refused within a second, everywhere', async () => {
    await revokeKey(page, name)
    for (const url of everywhere) await expect.poll(() => statusWith(request, secret, url), ONE_SECOND).toBe(403)
  })

  await test.step('sign out: the kept cookies open nothing, on no instance', async () => {
    const kept = await context.cookies(site.url)
    const cookie = kept.map(({ name: key, value }) => `${key}=${value}`).join('; ')
    const replay = async (url: string) => (await request.get(`${url}/ops/api/me`, { headers: { cookie } })).status()
    for (const url of everywhere) expect(await replay(url)).toBe(200)
    await page.getByRole('button', { name: /Ada Nwosu/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible()
    for (const url of everywhere) await expect.poll(() => replay(url), ONE_SECOND).toBe(401)
  })

  await test.step('the provider has forgotten the person too', async () => {
    await page.goto('/ops')
    await page.waitForURL(`${site.issuer}/**`)
    await expect(page.getByRole('heading', { name: 'Who are you?' })).toBeVisible()
  })
})
