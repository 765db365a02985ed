import type { APIRequestContext, Page } from 'playwright/test'
import { ownName } from '../fixtures/runs'
import { expect, test } from '../fixtures/test'
import { FILES, ownWorkspace, pinned, pinOf, pushed, runIn, SOUL, staged } from '../fixtures/workspaces'

const GATES = `environments:
  prod:
    approvals: { required: 1 }
    prompt: { max_growth_percent: 100 }
    impact: { replays: 0 }
  staging:
    impact: { replays: 0 }
`

const card = (page: Page, name: string) => page.getByRole('region', { name: `Environment ${name}` })
const check = (page: Page, name: string) => page.locator(`[data-check=${name}]`).last()
const board = (id: string) => `/ops/environments?workspace_id=${id}`

type Trial = { users: string }

const ask = async (page: Page, source: string, target: string, note: string, trial?: Trial) => {
  await card(page, source)
    .getByRole('button', { name: `Promote to ${target}…` })
    .click()
  const dialog = page.getByRole('dialog', { name: `Promote ${source} to ${target}` })
  await dialog.getByLabel('Note').fill(note)
  if (trial) {
    await dialog.getByLabel('As a canary first').check()
    await dialog.getByLabel('Percent of people').fill('0')
    await dialog.getByLabel('And these people').fill(trial.users)
  }
  await dialog.getByRole('button', { name: 'Ask for the promotion' }).click()
  await expect(dialog.getByRole('region', { name: 'Where it stands' })).toBeVisible()
  await expect(dialog.getByText('Being checked')).toHaveCount(0, { timeout: 30_000 })
  return dialog
}

const execute = async (page: Page, reason: string) => {
  const form = page.getByRole('form', { name: 'Execute' })
  await form.getByLabel('Why now').fill(reason)
  await form.getByRole('button', { name: /^Give / }).click()
}

const write = async (page: Page, id: string, soul: string, message: string): Promise<string> => {
  await page.goto(`/ops/workspaces/${id}?file=SOUL.md`)
  await page.getByRole('textbox', { name: 'Content of SOUL.md' }).fill(soul)
  await page.getByRole('button', { name: 'Save version… (1)' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save a version' })
  await dialog.getByLabel('Message').fill(message)
  await dialog.getByRole('button', { name: 'Save the version' }).click()
  const told = page.getByText(/^Version [0-9a-f]{8} is saved$/)
  return /[0-9a-f]{8}/.exec((await told.last().textContent()) ?? '')?.[0] ?? ''
}

const pin = async (page: Page, id: string, hash: string) => {
  await page.goto(board(id))
  await page.getByRole('button', { name: 'More for dev' }).click()
  await page.getByRole('menuitem', { name: 'Pin a version…' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Pin ${hash} in dev` })
    .click()
  await expect(card(page, 'dev')).toContainText(hash)
}

const toStaging = async (page: Page, note: string, hash: string) => {
  await ask(page, 'dev', 'staging', note)
  await execute(page, note)
  await expect(page.getByRole('dialog').getByText('Executed', { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(card(page, 'staging')).toContainText(hash)
}

// What a demo model answers depends on what its prompt begins with, so a soul can spoil it.
const SPOILT = '# Ada\n\nSummarise everything in one line.\n'

const gatedBy = (dataset: string): string => `environments:
  prod:
    approvals: { required: 1 }
    evals: [{ dataset: "${dataset}", min_pass_rate: 1, max_regressions: 0 }]
    impact: { replays: 2 }
  staging:
    impact: { replays: 0 }
`

const withDataset = async (api: APIRequestContext): Promise<string> => {
  const name = ownName()
  const cases = [{ id: 'tea', input: 'Is the water warm?', scorers: [{ type: 'regex', pattern: 'You wrote' }] }]
  const reply = await api.post('/evals/datasets', { data: { name, cases } })
  if (!reply.ok()) throw new Error(`No dataset: ${reply.status()} ${await reply.text()}`)
  return name
}

test('from an edit to everybody and back: blocked by a regression, mended, approved by another, a canary, taken back', async ({
  ops,
  page,
  api,
}) => {
  test.setTimeout(240_000)
  const dataset = await withDataset(api)
  const { id, hash: first } = await ownWorkspace(api, { ...FILES, 'gates.yaml': gatedBy(dataset) })
  await staged(api, id, first)
  for (const user of ['one', 'two']) expect((await runIn(api, id, 'prod', user)).hash).toBe(first)

  await ops.signIn('release_manager').open('/ops')
  const spoilt = await test.step('an edit becomes a version, dev gets it', async () => {
    const hash = await write(page, id, SPOILT, 'Be brief')
    await pin(page, id, hash)
    expect((await runIn(api, id, 'dev')).hash.startsWith(hash)).toBe(true)
    return hash
  })

  await test.step('it passes into staging', () => toStaging(page, 'Try it', spoilt))

  const href = await test.step('prod is closed to it by a regression, with its evidence', async () => {
    const dialog = await ask(page, 'staging', 'prod', 'For everybody')
    await expect(dialog.getByText('Blocked', { exact: true })).toBeVisible()
    await expect(check(page, 'eval_baseline')).toHaveAttribute('data-state', 'fail')
    await expect(check(page, 'eval_baseline')).toContainText('1 cases became worse')
    await check(page, 'eval_baseline').getByRole('button').click()
    const row = check(page, 'eval_baseline').getByRole('row', { name: new RegExp(dataset) })
    await expect(row).toContainText('0 %')
    await expect(row).toContainText('100 %')
    await expect(row.getByRole('link', { name: dataset })).toHaveAttribute('href', /^\/ops\/evals\/.+baseline=/)
    await check(page, 'impact_reviewed').getByRole('button').click()
    await expect(check(page, 'impact_reviewed').getByRole('link', { name: 'compare' })).toHaveCount(2)
    await expect(dialog.getByRole('form', { name: 'Execute' })).toHaveCount(0)
    await expect(dialog.getByText('You asked for it, so somebody else has to approve it.')).toBeVisible()
    expect(await pinOf(api, id, 'prod')).toBe(first)
    return (await dialog.getByRole('link', { name: /Open it as a page/ }).getAttribute('href')) ?? ''
  })

  const mended = await test.step('it is mended, and checked again', async () => {
    await page.keyboard.press('Escape')
    const hash = await write(page, id, `${SOUL}Be kind.\n`, 'Be kind')
    await pin(page, id, hash)
    await toStaging(page, 'Kinder', hash)
    await page.goto(href)
    await page.getByRole('button', { name: 'Check again' }).click()
    await expect(check(page, 'eval_baseline')).toHaveAttribute('data-state', 'pass', { timeout: 60_000 })
    await expect(page.getByText('waits for approvals')).toBeVisible({ timeout: 30_000 })
    await expect(page.getByRole('form', { name: 'Your word' })).toHaveCount(0)
    return hash
  })

  await test.step('a second person looks at it and approves', async () => {
    await ops.signIn('admin').open(href)
    await expect(page.getByRole('region', { name: 'What will change' })).toContainText('SOUL.md')
    const word = page.getByRole('form', { name: 'Your word' })
    await word.getByLabel('Comment').fill('Kind is good')
    await word.getByRole('button', { name: 'Approve' }).click()
    await expect(page.getByText('“Kind is good”')).toBeVisible()
    await expect(check(page, 'approvals')).toHaveAttribute('data-state', 'pass')
  })

  await test.step('who asked executes it; everybody gets it', async () => {
    await ops.signIn('release_manager').open(href)
    await execute(page, 'It is kinder now')
    await expect(page.getByText('Executed', { exact: true }).first()).toBeVisible()
    await expect(page.getByText('Evidence, sealed')).toBeVisible()
    expect((await runIn(api, id, 'prod')).hash.startsWith(mended)).toBe(true)
  })

  await test.step('a canary of the other version for one person, and its end', async () => {
    const next = await write(page, id, `${SOUL}\nYou are quick.\n`, 'Be quick')
    await pin(page, id, next)
    await toStaging(page, 'Try it on one', next)
    await page.getByRole('button', { name: 'More for prod' }).click()
    await expect(page.getByRole('menuitem', { name: 'Change the canary…' })).toHaveCount(0)
    await expect(page.getByRole('menuitem', { name: /Start a canary|Pin a version/ })).toHaveCount(0)
    await page.keyboard.press('Escape')
    await ask(page, 'staging', 'prod', 'One person first', { users: 'canary-person' })
    const trial = (await page.getByRole('link', { name: /Open it as a page/ }).getAttribute('href')) ?? ''
    await ops.signIn('admin').open(trial)
    await page.getByRole('form', { name: 'Your word' }).getByRole('button', { name: 'Approve' }).click()
    await expect(check(page, 'approvals')).toHaveAttribute('data-state', 'pass')
    await ops.signIn('release_manager').open(trial)
    await execute(page, 'Seen by one first')
    await expect(page.getByText('Executed', { exact: true }).first()).toBeVisible()
    await page.goto(board(id))
    await expect(page.getByRole('region', { name: 'Canary in prod' })).toContainText('for 1 named person')
    const tried = await runIn(api, id, 'prod', 'canary-person')
    expect(tried.arm).toBe('canary')
    expect(tried.hash.startsWith(next)).toBe(true)
    await page.getByRole('button', { name: 'More for prod' }).click()
    await page.getByRole('menuitem', { name: 'End the canary…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End the canary' }).click()
    await expect(page.getByRole('region', { name: 'Canary in prod' })).toHaveCount(0)
  })

  await test.step('one act takes it back, with its reason', async () => {
    await page.goto(href)
    await page.getByRole('button', { name: 'Roll it back…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Take the promotion to prod back' })
    await dialog.getByLabel('Reason').fill('Customers ask for fewer words')
    await dialog.getByRole('button', { name: `Give prod ${first.slice(0, 8)} again` }).click()
    await expect(page.getByText('Rolled back', { exact: true }).first()).toBeVisible()
    expect((await runIn(api, id, 'prod')).hash).toBe(first)
    await page.goto(board(id))
    const history = page.getByRole('region', { name: 'History' })
    await expect(history.locator('tbody tr').first()).toContainText('Customers ask for fewer words')
  })
})

const asked = async (api: APIRequestContext, id: string, note = 'Asked by a program') => {
  const data = { source_env: 'dev', target_env: 'prod', note }
  const reply = await api.post(`/workspace/${id}/promotions`, { data })
  const { promotion } = (await reply.json()) as { promotion: { id: string } }
  return `/ops/promotions/${promotion.id}?workspace_id=${id}`
}

const waiting = async (api: APIRequestContext, gates = GATES) => {
  const files = { ...FILES, 'gates.yaml': gates }
  const { id, hash } = await ownWorkspace(api, files)
  await staged(api, id, hash)
  const next = await pushed(api, id, { ...files, 'SOUL.md': `${SOUL}Be kind.\n` }, 'Be kind')
  await pinned(api, id, 'dev', next)
  return { id, hash, next, href: await asked(api, id) }
}

for (const who of ['viewer', 'operator'] as const)
  test(`${who} reads a promotion with its evidence and decides nothing`, async ({ ops, page, api }) => {
    const { id, href } = await waiting(api)
    await ops.signIn(who).open(`/ops/promotions?workspace_id=${id}`)
    await page.locator('[data-row-link]').first().click()
    await expect(page).toHaveURL(new RegExp(href.split('?')[0] ?? ''))
    await expect(page.getByText('waits for approvals')).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText('To decide about it one needs to be a release manager or above')).toBeVisible()
    await expect(page.getByRole('button', { name: /Approve|Reject|Give |Cancel|Override|Check again/ })).toHaveCount(0)
    await expect(page.getByRole('region', { name: 'The gate of prod' })).toContainText('at most 100 % more')
  })

test('one no ends a promotion, with what was said', async ({ ops, page, api }) => {
  const { href, id, hash } = await waiting(api)
  await ops.signIn('release_manager').open(href)
  const word = page.getByRole('form', { name: 'Your word' })
  await word.getByLabel('Comment').fill('Not before the sale')
  await word.getByRole('button', { name: 'Reject' }).click()
  await expect(page.getByText('Rejected', { exact: true }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: /Approve|Give |Cancel/ })).toHaveCount(0)
  expect(await pinOf(api, id, 'prod')).toBe(hash)
})

test('what fails is passed by an override alone, which leaves its receipt', async ({ ops, page, api }) => {
  const { href, id, next } = await waiting(api)
  await ops.signIn('release_manager').open(href)
  await page.getByRole('button', { name: 'Override what fails…' }).click()
  const form = page.getByRole('form', { name: 'Execute' })
  await expect(form).toContainText('It passes over: approvals')
  await form.getByLabel('Why now').fill('The shop is on fire')
  await expect(form.getByRole('button', { name: /^Give / })).toBeDisabled()
  await form.getByLabel('Justification').fill('Nobody else is awake and customers are harmed')
  await form.getByRole('button', { name: /^Give / }).click()
  await expect(page.getByText('Executed', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('Override', { exact: true }).first()).toBeVisible()
  await page.getByRole('link', { name: 'Its receipt' }).click()
  await expect(page.getByRole('complementary')).toContainText('Nobody else is awake')
  expect(await pinOf(api, id, 'prod')).toBe(next)
})

test('a promotion is cancelled with a reason, and the target keeps what it runs', async ({ ops, page, api }) => {
  const { href, id, hash } = await waiting(api)
  await ops.signIn('release_manager').open(href)
  await page.getByRole('button', { name: 'Cancel the promotion…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Cancel the promotion' })
  await dialog.getByLabel('Reason').fill('Another one comes')
  await dialog.getByRole('button', { name: 'Cancel the promotion' }).click()
  await expect(page.getByText('Cancelled', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('Another one comes')).toBeVisible()
  expect(await pinOf(api, id, 'prod')).toBe(hash)
})

test('a foreign promotion is no page', async ({ ops, page, api, errors }) => {
  errors.expectSome(/404 \(Not Found\)/)
  const { href } = await waiting(api)
  await ops.signIn('other_tenant').open('/ops')
  expect((await page.goto(href))?.status()).toBe(404)
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })
      test('looks as it should', async ({ ops, page, api }, info) => {
        const { id, href } = await waiting(api)
        const shot = (name: string) =>
          page.screenshot({ path: info.outputPath(`${name}-${colorScheme}-${width}.png`), fullPage: true })
        await ops.signIn('release_manager').open(href)
        await expect(page.getByText('waits for approvals')).toBeVisible({ timeout: 30_000 })
        await check(page, 'prompt_size').getByRole('button').click()
        await page.getByRole('button', { name: 'Override what fails…' }).click()
        await shot('promotion')
        await page.goto(`/ops/promotions?workspace_id=${id}`)
        await expect(page.locator('tr[data-row]')).toHaveCount(1)
        await shot('list')
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(sideways).toBeLessThanOrEqual(0)
      })
    })
