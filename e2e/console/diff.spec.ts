import { ownName, runOf } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'

const looked = (more: readonly object[]) => [{ toolCalls: [{ name: 'task_list' }] }, ...more]
const SAID = [{ text: 'The order of Wilhelmina was sent on Monday.' }]
const SAID_OTHERWISE = [{ text: 'The order of Wilhelmina was sent on Friday.' }]

const diffOf = (base: string, compare: string): string => `/ops/diff?${new URLSearchParams({ base, compare })}`

for (const who of ['operator', 'release_manager'] as const)
  test(`${who} sees where two runs part, and no text of them`, async ({ ops, page, api }) => {
    const [base, compare] = [
      await runOf(api, { steps: looked(SAID) }),
      await runOf(api, { steps: looked(SAID_OTHERWISE) }),
    ]
    await ops.signIn(who).open(diffOf(base, compare))
    await expect(page.getByRole('region', { name: 'Verdict' }).getByRole('heading', { level: 2 })).toContainText(
      'Same path for',
    )
    await expect(page.getByText('Here they part', { exact: true })).toBeVisible()
    await expect(page.getByText(/\d+ equal steps/).first()).toBeVisible()
    await expect(page.getByText('withheld').first()).toBeVisible()
    expect(await page.content()).not.toContain('Wilhelmina')
  })

test('a viewer is told who may compare', async ({ ops, page, errors }) => {
  errors.expectSome(/403 \(Forbidden\)/)
  await ops.signIn('viewer').open('/ops')
  const reply = await page.goto('/ops/diff')
  expect(reply?.status()).toBe(403)
  await expect(page.getByRole('heading', { level: 1, name: /^To see Diff you need to be / })).toBeVisible()
})

test('an administrator reads the texts word by word, and swaps the sides', async ({ ops, page, api }) => {
  const base = await runOf(api, { steps: looked(SAID) })
  const compare = await runOf(api, { steps: looked(SAID_OTHERWISE) })
  await ops.signIn('admin').open(diffOf(base, compare))
  const answer = page.getByRole('region', { name: 'Answer', exact: true })
  await expect(answer.locator('del')).toContainText('Monday')
  await expect(answer.locator('ins')).toContainText('Friday')
  await page.getByRole('button', { name: 'Swap sides' }).click()
  await expect(page).toHaveURL(new RegExp(`base=${compare}`))
  await expect(answer.locator('del')).toContainText('Friday')
})

test('n and p walk the differences, and equal steps unfold', async ({ ops, page, api }) => {
  const base = await runOf(api, { steps: looked([...looked([{ toolCalls: [{ name: 'task_list' }] }]), ...SAID]) })
  const compare = await runOf(api, { steps: looked([...looked([]), ...SAID_OTHERWISE]) })
  await ops.signIn('operator').open(diffOf(base, compare))
  const status = page.getByRole('status').filter({ hasText: /difference/ })
  await expect(status).toHaveText(/^1 of \d+ differences$/)
  await page.keyboard.press('n')
  await expect(status).toHaveText(/^2 of \d+ differences$/)
  await page.keyboard.press('p')
  await expect(status).toHaveText(/^1 of \d+ differences$/)
  const rows = page.getByRole('list', { name: 'Steps, aligned' }).getByRole('listitem')
  const folded = await rows.count()
  await page
    .getByRole('button', { name: /\d+ equal steps/ })
    .first()
    .click()
  expect(await rows.count()).toBeGreaterThan(folded)
})

test('two runs that are the same say so', async ({ ops, page, api }) => {
  const id = await runOf(api, { steps: looked(SAID) })
  await ops.signIn('operator').open(diffOf(id, id))
  await expect(page.getByText('Nothing differs.')).toBeVisible()
})

test('a pair is found: by the runs beside one, and by pasted ids', async ({ ops, page, api }) => {
  const user = ownName()
  const first = await runOf(api, { user })
  const second = await runOf(api, { user })
  await ops.signIn('operator').open(`/ops/traces/${second}`)
  await page.getByRole('link', { name: 'Compare…' }).click()
  await page.getByRole('button', { name: /^Before it in its session/ }).click()
  await expect(page).toHaveURL(new RegExp(`base=${first}`))
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible()
  await page.goto('/ops/diff')
  await expect(page.getByRole('heading', { name: 'Nothing is compared yet' })).toBeVisible()
  await page.getByLabel('Base').fill('nonsense')
  await page.getByLabel('Compare').fill(first)
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(page.getByText('That is no trace id.')).toBeVisible()
  await page.getByLabel('Base').fill(second)
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible()
})

test('a trace that is not there is told as missing', async ({ ops, page, api, errors }) => {
  errors.expectSome(/404 \(Not Found\)/)
  const id = await runOf(api)
  await ops.signIn('admin').open(diffOf(id, '01930000-0000-7000-8000-00000000dead'))
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Compare trace not found')
})

test('another tenant’s traces are not there', async ({ ops, page, api, errors }) => {
  errors.expectSome(/404 \(Not Found\)/)
  const id = await runOf(api)
  await ops.signIn('other_tenant').open(diffOf(id, id))
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Base trace not found')
})
