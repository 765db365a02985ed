import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { APIRequestContext } from 'playwright/test'
import { expect, test } from '../fixtures/test'

const hex = (bytes: number) => randomBytes(bytes).toString('hex')
const now = () => `${Date.now()}000000`

const span = (more: object) => ({
  traceId: hex(16),
  spanId: hex(8),
  name: 'chat spec',
  startTimeUnixNano: now(),
  endTimeUnixNano: now(),
  ...more,
})

const sendSpans = (api: APIRequestContext, spans: readonly object[]) =>
  api.post('/v1/traces', { data: { resourceSpans: [{ scopeSpans: [{ spans }] }] } })

for (const who of ['viewer', 'operator', 'release_manager', 'admin'] as const)
  test(`${who} sees what came in, what was refused and what to do about it`, async ({ ops, page, api }) => {
    const reply = await sendSpans(api, [span({}), span({ spanId: '00' })])
    expect(await reply.json()).toMatchObject({ partialSuccess: { rejectedSpans: expect.anything() } })
    await ops.signIn(who).open('/ops/ingest')
    const refusals = page.getByRole('region', { name: 'Last refusals' })
    await expect(refusals.getByText('Span id is broken').first()).toBeVisible()
    await expect(refusals.getByText('It has 8 bytes').first()).toBeVisible()
    await expect(refusals.getByText('An administrator sees what the sender was told.').first()).toBeVisible({
      visible: who !== 'admin',
    })
    await expect(refusals.getByText(/span_id must be 8 bytes/).first()).toBeVisible({ visible: who === 'admin' })
    await expect(page.getByRole('region', { name: 'By source' }).getByRole('row')).not.toHaveCount(1)
    await expect(page.getByRole('img', { name: /^Spans per hour[.]/ })).toBeVisible()
  })

test('the curl snippet works as it stands, and its trace is found in the list', async ({ ops, page, site }) => {
  await ops.signIn('viewer').open('/ops/ingest')
  await page.getByRole('tab', { name: 'OpenTelemetry by curl' }).click()
  const code = (await page.getByRole('tabpanel').locator('pre').textContent()) ?? ''
  const lines = code.split('\n').filter((line) => !line.startsWith('export CLASPER_KEY='))
  const env = { ...process.env, CLASPER_KEY: site.serviceKey }
  const said = await promisify(execFile)('bash', ['-c', lines.join('\n')], { env })
  expect(JSON.parse(said.stdout)).toEqual({})
  await page.goto('/ops/traces?origin=otlp&model=my-model')
  const row = page.locator('tr[data-row]').first()
  await expect(row).toContainText('chat my-model')
  await expect(row).toContainText('15')
})

test('what one tenant was refused is not told to another', async ({ ops, page, api }) => {
  await sendSpans(api, [span({ spanId: '00' })])
  await ops.signIn('other_tenant').open('/ops/ingest')
  await expect(page.getByText('No span has come in during the last day.')).toBeVisible()
  await expect(page.getByText('Span id is broken')).toHaveCount(0)
})
