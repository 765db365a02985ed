import type { Page } from 'playwright/test'
import { expect, test } from '../fixtures/test'

const scripted = (steps: readonly object[]): string => `demo: ${JSON.stringify(steps)}`

// By keyboard alone: no button is pressed on the way.
const say = async (page: Page, message: string) => {
  await page.getByRole('textbox', { name: 'Message' }).focus()
  await page.keyboard.insertText(message)
  await page.keyboard.press('Control+Enter')
}

const lastAnswer = (page: Page) => page.getByRole('article', { name: 'Answer' }).last()

test('an answer arrives word by word, and leads to its trace', async ({ ops, page, context }) => {
  await ops.signIn('operator').open('/ops/playground')
  await expect(page.getByText('Demo model', { exact: true })).toBeVisible()
  await expect(page.getByText('Without one nothing is posted to the backend.')).toBeVisible()
  await say(page, scripted([{ text: 'One two three four five', wordDelayMs: 250 }]))
  const answer = lastAnswer(page)
  await expect(answer).toContainText('One two')
  await expect(answer).toHaveAttribute('aria-busy', 'true')
  await expect(answer).toContainText('One two three four five')
  await expect(answer.getByText('Completed')).toBeVisible()
  await expect(answer.getByText('Nothing posted')).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'Answer: One two three four five' })).toBeAttached()
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused()
  const [trace] = await Promise.all([
    context.waitForEvent('page'),
    answer.getByRole('link', { name: 'Open trace' }).click(),
  ])
  await expect(trace.getByRole('heading', { level: 1, name: 'Trace' })).toBeVisible()
  await expect(trace.getByText('Succeeded')).toBeVisible()
  await expect(trace.getByText('clasper-demo').first()).toBeVisible()
})

test('tools are seen while they are called, also the refused ones', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/playground')
  const calls = [{ name: 'task_list' }, { name: 'launch_missiles' }]
  await say(page, scripted([{ text: 'Let me look.', toolCalls: calls }, { text: 'I have looked.' }]))
  const answer = lastAnswer(page)
  await expect(answer.getByText('Completed')).toBeVisible()
  const tools = answer.getByRole('paragraph').filter({ hasText: /^Tool / })
  await expect(tools.filter({ hasText: 'task_list' })).toContainText('Done')
  await expect(tools.filter({ hasText: 'launch_missiles' })).toContainText('Refused')
  await expect(answer).toContainText(/Let me look\..*I have looked\./s)
})

test('what was said goes with the next message, until a new conversation begins', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/playground')
  const sent: { messages?: unknown[] }[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/ops/api/agents/stream')) sent.push(request.postDataJSON())
  })
  for (const message of ['First', 'Second']) {
    await say(page, message)
    await expect(lastAnswer(page).getByText('Completed')).toBeVisible()
    await expect(lastAnswer(page)).toContainText(`You wrote: ${message}`)
  }
  expect(sent.map(({ messages = [] }) => messages.length)).toEqual([0, 2])
  await page.getByRole('button', { name: 'New conversation' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing was said yet' })).toBeVisible()
  await say(page, 'Third')
  await expect(lastAnswer(page).getByText('Completed')).toBeVisible()
  expect(sent[2]?.messages).toBeUndefined()
})

test('Stop stops the run itself, and its trace says so', async ({ ops, page, context }) => {
  await ops.signIn('operator').open('/ops/playground')
  await say(page, scripted([{ text: 'word '.repeat(200), wordDelayMs: 300 }]))
  const answer = lastAnswer(page)
  await expect(answer).toContainText('word word')
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(answer.getByText('You stopped this answer.')).toBeVisible()
  const [trace] = await Promise.all([
    context.waitForEvent('page'),
    answer.getByRole('link', { name: 'Open trace' }).click(),
  ])
  await expect(async () => {
    await trace.getByRole('button', { name: 'Refresh' }).click()
    await expect(trace.getByText('Cancelled').first()).toBeVisible({ timeout: 1_000 })
  }).toPass()
})

test('a failure is told with its code, before the first word and after it', async ({ ops, page, errors }) => {
  errors.expectSome(/502 \(Bad Gateway\)/)
  await ops.signIn('operator').open('/ops/playground')
  await say(page, scripted([{ fails: 'auth' }]))
  const refused = lastAnswer(page).getByRole('alert')
  await expect(refused).toContainText('provider_error')
  await expect(refused.getByRole('button', { name: /^Copy request id/ })).toBeVisible()
  await expect(lastAnswer(page).getByRole('link', { name: 'Open trace' })).toBeVisible()
  await say(page, scripted([{ text: 'It begins well', fails: 'unmetered_cut' }]))
  const cut = lastAnswer(page)
  await expect(cut.getByRole('alert')).toContainText('provider_error')
  await expect(cut).toContainText('It begins well')
  await expect(cut).toContainText('Left out of what is sent next.')
})

test('the answer of a run with a task is posted to the backend', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/playground?workspace_id=default')
  await page.getByLabel('Task title').fill('From the playground')
  await say(page, 'Hello')
  await expect(lastAnswer(page).getByText('Posted to the backend')).toBeVisible()
})

test('whoever reads further up is not pulled down', async ({ ops, page }) => {
  await ops.signIn('operator').open('/ops/playground')
  await say(page, scripted([{ text: 'line\n'.repeat(300) }]))
  await expect(lastAnswer(page).getByText('Completed')).toBeVisible()
  const log = page.getByRole('region', { name: 'Conversation' })
  const top = () => log.evaluate((element) => element.scrollTop)
  expect(await top()).toBeGreaterThan(1_000)
  await log.focus()
  await page.keyboard.press('Home')
  await expect.poll(top).toBe(0)
  await say(page, 'More')
  await expect(lastAnswer(page).getByText('Completed')).toBeVisible()
  expect(await top()).toBe(0)
  await page.getByRole('button', { name: 'Latest' }).click()
  await expect.poll(top).toBeGreaterThan(1_000)
})
