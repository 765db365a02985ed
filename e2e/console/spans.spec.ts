import { type SpanSent, traceOf } from '../fixtures/spans'
import { expect, test } from '../fixtures/test'

const MODEL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.usage.input_tokens': 1200,
  'gen_ai.usage.output_tokens': 80,
}

const FOREIGN: SpanSent[] = [
  { name: 'invoke_agent helper', startMs: 0, tookMs: 900, attributes: { 'gen_ai.operation.name': 'invoke_agent' } },
  { name: 'chat gpt-4o', parent: 0, startMs: 10, tookMs: 400, attributes: MODEL },
  {
    name: 'execute_tool lookup',
    parent: 0,
    startMs: 420,
    tookMs: 100,
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'lookup' },
    hasFailed: true,
  },
]

test('a trace of another program shows its tree, how it was read, and what failed', async ({ ops, page, api }) => {
  const id = await traceOf(api, FOREIGN)
  await ops.signIn('viewer').open(`/ops/traces/${id}`)
  const items = page.getByRole('treeitem')
  await expect(items).toHaveCount(3)
  await expect(items.nth(2)).toContainText('Failed')
  await items.nth(1).click()
  const step = page.getByRole('complementary', { name: 'Step' })
  await step.getByRole('tab', { name: 'How mapped' }).click()
  await expect(step.getByText(/^Read in the dialect/)).toBeVisible()
  await page.getByRole('button', { name: /1 failed/ }).click()
  await expect(items.nth(2)).toHaveAttribute('aria-selected', 'true')
})

test('children whose parent never came are there, under a root that says so', async ({ ops, page, api }) => {
  const id = await traceOf(api, [
    { name: 'first', parent: 'aaaaaaaaaaaaaaaa' },
    { name: 'second', parent: 'bbbbbbbbbbbbbbbb' },
  ])
  await ops.signIn('viewer').open(`/ops/traces/${id}`)
  await expect(page.getByRole('treeitem')).toHaveCount(3)
  await expect(page.getByRole('treeitem').first()).toContainText('never came')
  await expect(page.getByRole('treeitem').nth(1)).toHaveAttribute('aria-level', '2')
})

test('50,000 spans open, stay few rows in the page, and the last one is reached', async ({ ops, page, api }) => {
  test.setTimeout(300_000)
  const COUNT = 50_000
  const many = Array.from({ length: COUNT }, (_, at): SpanSent => {
    const name = at === COUNT - 1 ? 'the-last-of-all' : `step-${at}`
    return at === 0 ? { name, tookMs: COUNT } : { name, parent: Math.floor((at - 1) / 50) }
  })
  const id = await traceOf(api, many)
  await ops.signIn('viewer').open(`/ops/traces/${id}`)
  const items = page.getByRole('treeitem')
  await expect(items.first()).toContainText('step-0')
  await expect(page.getByRole('status').filter({ hasText: /^50,000$/ })).toBeVisible({ timeout: 90_000 })
  expect(await items.count()).toBeLessThan(120)
  await page.getByRole('tree').focus()
  await page.keyboard.press('End')
  await expect(items.last()).toHaveAttribute('aria-selected', 'true')
  expect(await items.count()).toBeLessThan(120)
  await page.keyboard.press('Home')
  await expect(items.first()).toContainText('step-0')
  const span = COUNT.toString(16).padStart(16, '0')
  await page.goto(`/ops/traces/${id}?span=${span}`)
  const last = page.locator('[role=treeitem][aria-selected=true]')
  await expect(last).toContainText('the-last-of-all', { timeout: 90_000 })
  await expect(last).toBeInViewport()
  expect(await items.count()).toBeLessThan(120)
})
