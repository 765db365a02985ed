import type { Who } from '../fixtures/people'
import { expect, test } from '../fixtures/test'

type Page = { path: string; name: string; open: readonly Who[] }

const EVERYBODY: readonly Who[] = ['viewer', 'operator', 'release_manager', 'admin']

const PAGES: readonly Page[] = [
  { path: '/ops', name: 'Overview', open: EVERYBODY },
  { path: '/ops/traces', name: 'Traces', open: EVERYBODY },
  { path: '/ops/diff', name: 'Diff', open: ['operator', 'release_manager', 'admin'] },
  { path: '/ops/sessions', name: 'Sessions', open: EVERYBODY },
  { path: '/ops/stats', name: 'Statistics', open: EVERYBODY },
  { path: '/ops/ingest', name: 'Ingest', open: EVERYBODY },
  { path: '/ops/playground', name: 'Playground', open: ['operator', 'release_manager', 'admin'] },
  { path: '/ops/audit', name: 'Audit', open: ['operator', 'release_manager', 'admin'] },
  { path: '/ops/retention', name: 'Retention', open: ['operator', 'release_manager', 'admin'] },
  { path: '/ops/keys', name: 'API keys', open: ['admin'] },
  { path: '/ops/webhooks', name: 'Webhooks', open: ['operator', 'release_manager', 'admin'] },
  { path: '/ops/health', name: 'Health', open: ['operator', 'release_manager', 'admin'] },
  { path: '/ops/system', name: 'System', open: ['operator', 'release_manager', 'admin'] },
  { path: '/ops/reference', name: 'API reference', open: EVERYBODY },
]

for (const who of EVERYBODY)
  test(`${who} sees the pages of the role, and why the others stay closed`, async ({ ops, page, errors }) => {
    errors.expectSome(/403 \(Forbidden\)/)
    await ops.signIn(who).open('/ops')
    const rail = page.getByRole('navigation', { name: 'Places' })
    for (const place of PAGES) {
      const isOpen = place.open.includes(who)
      await expect(rail.getByRole('link', { name: place.name, exact: true })).toHaveCount(isOpen ? 1 : 0)
      const reply = await page.goto(place.path)
      expect(reply?.status()).toBe(isOpen ? 200 : 403)
      const title = isOpen ? place.name : new RegExp(`^To see ${place.name} you need to be `)
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
      await expect(page).toHaveTitle(`${place.name} · Clasper`)
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
