import { PLACES } from '@/components/shell/places'
import { ROLES, rolesWith } from '@/lib/shared/rbac'
import { expect, test } from '../fixtures/test'

const EVERYBODY = ROLES

// From the places of the console and the matrix of permissions, so that a new page is tried by itself.
const PAGES = PLACES.map(({ href, name, group, permission }) => ({
  path: href,
  group,
  name,
  open: permission === null ? EVERYBODY : rolesWith(permission),
}))

const GROUPS = [...new Set(PAGES.map(({ group }) => group))]

for (const who of EVERYBODY)
  for (const group of GROUPS)
    test(`${who} sees the pages of the role under ${group}, and why the others stay closed`, async ({
      ops,
      page,
      errors,
    }) => {
      const pages = PAGES.filter((place) => place.group === group)
      if (pages.some(({ open }) => !open.includes(who))) errors.expectSome(/403 \(Forbidden\)/)
      await ops.signIn(who).open('/ops')
      const rail = page.getByRole('navigation', { name: 'Places' })
      for (const { name, path, open } of pages) {
        const isOpen = open.includes(who)
        await expect(rail.getByRole('link', { name, exact: true })).toHaveCount(isOpen ? 1 : 0)
        const reply = await page.goto(path)
        expect(reply?.status()).toBe(isOpen ? 200 : 403)
        const title = isOpen ? name : new RegExp(`^To see ${name} you need to be `)
        await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
        await expect(page).toHaveTitle(`${name} · Clasper`)
      }
    })

test('a page without a session leads to the provider and back to where one was going', async ({ page, site }) => {
  const reply = await page.request.get('/ops/audit', { maxRedirects: 0 })
  expect(reply.status()).toBe(307)
  expect(reply.headers()['location']).toBe('/ops/sign-in?callback_url=%2Fops%2Faudit')
  await page.goto('/ops/audit')
  await page.waitForURL(`${site.issuer}/**`)
})

test('an address that does not exist answers 404 and says so', async ({ ops, page, errors }) => {
  errors.expectSome(/404 \(Not Found\)/)
  await ops.signIn('viewer').open('/ops')
  const reply = await page.goto('/ops/nowhere')
  expect(reply?.status()).toBe(404)
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
})
