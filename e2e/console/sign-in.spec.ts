import { signInAs } from '../fixtures/sign-in'
import { expect, test } from '../fixtures/test'

test('a failed sign-in says what to do', async ({ page }) => {
  await page.goto('/ops/sign-in?error=no_role')
  await expect(page.getByRole('alert').getByText('You have no role here')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Sign in again' })).toBeVisible()
})

test('an unknown error code is shown as text and nothing else', async ({ page }) => {
  await page.goto('/ops/sign-in?error=%3Cscript%3Ealert(1)%3C%2Fscript%3E')
  await expect(page.getByRole('alert').getByText('The sign-in failed')).toBeVisible()
  await expect(page.getByRole('alert').getByText('<script>alert(1)</script>')).toBeVisible()
})

test('sign-in works without scripts', async ({ browser, site }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${site.url}/ops/sign-in`)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.waitForURL(`${site.issuer}/**`)
  await context.close()
})

test('signing out ends on a page that stays', async ({ page, site }) => {
  await signInAs(page, site, 'viewer')
  await page.getByRole('button', { name: /Viewer$/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL(/signed-out|session\/end/)
  if (page.url().startsWith(site.issuer)) await page.getByRole('button').first().click()
  await page.waitForURL('**/ops/signed-out**')
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible()
  await page.getByRole('link', { name: 'Sign in again' }).click()
  await expect(page).toHaveURL(/\/ops\/sign-in\?signed_out=1/)
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
})
