import { join } from 'node:path'
import { freePort } from '../../lib/cli/demo/ports'
import { serverOf } from '../../lib/cli/demo/program'
import { keepSecrets } from '../../lib/cli/demo/secrets'
import { launch, type Service } from '../../lib/cli/demo/service-process'
import { surroundingsOf } from '../../lib/cli/demo/surroundings'
import { waitFor } from '../../lib/cli/demo/wait-for'
import type { Site } from '../fixtures/stacks'
import { expect, test } from '../fixtures/test'

// The same database behind two further servers, one of them without a fast lane: what Next answers must be what the
// lane answers. They believe who calls, for failures are limited by address and there are hundreds of endpoints.
const root = process.cwd()
const HOST = '127.0.0.1'
const FOREIGN_ID = '01930000-0000-7000-8000-00000000dead'

type Running = { service: Service; url: string }
const running: { lane?: Running; next?: Running } = {}
const urlOf = (name: keyof typeof running): string => running[name]?.url ?? ''

const start = async (site: Site, name: string, more: Record<string, string>): Promise<Running> => {
  const home = join(root, '.cache/e2e', site.project)
  const port = await freePort()
  const place = {
    home,
    host: HOST,
    port,
    publicUrl: site.url,
    issuer: site.issuer,
    backendUrl: site.backendUrl,
    databaseUrl: `file:${join(home, 'e2e.db')}`,
    workspace: join(home, 'workspace'),
    nodeEnv: 'production' as const,
  }
  const { command, args } = serverOf(root, false)
  const settings = { CLASPER_ROLES: 'web', CLASPER_TRUSTED_PROXIES: HOST, ...more }
  const env = { ...surroundingsOf(place, keepSecrets(home)), ...settings }
  const logFile = join(home, `${name}.log`)
  const service = launch({ name: `The server ${name}`, command, args, cwd: root, env, logFile })
  const url = `http://${HOST}:${port}`
  await waitFor(service, `${url}/readyz`, 60_000)
  return { service, url }
}

test.beforeAll(async ({ site }) => {
  running.lane = await start(site, 'with-a-lane', {})
  running.next = await start(site, 'without-a-lane', { CLASPER_FAST_LANE: 'false' })
})

test.afterAll(() => Promise.all([running.lane?.service.stop(), running.next?.service.stop()]))

type Operation = { responses: object; requestBody?: object }
type OpenApi = { paths: Record<string, Record<string, Operation>> }

const NAMED = ['content-type', 'cache-control', 'x-content-type-options', 'www-authenticate', 'x-ratelimit-limit']
const VOLATILE =
  /"(?:request_id|instance_id|started_at|node|at|uptime_s|last_used_at|generated_at)":(?:"[^"]*"|\d+)|\d{4}-\d\d-\d\dT[\d:.]+Z|"[^"]*(?:_ms|_bytes|_seconds)":[\d.]+/g

const answerOf = async (
  base: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | undefined,
) => {
  const reply = await fetch(`${base}${path}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  })
  const text = await reply.text()
  return {
    status: reply.status,
    headers: Object.fromEntries(NAMED.map((name) => [name, reply.headers.get(name)])),
    hasIds: reply.headers.has('x-request-id') && reply.headers.has('x-trace-id'),
    body: text.replace(VOLATILE, '…'),
  }
}

const LIVE = new Set([
  '/metrics',
  '/ops/api/events',
  '/ops/api/system',
  '/ops/api/overview',
  '/ops/api/exports',
  '/health',
  '/readyz',
])

test('both lanes give the same status, body and headers for every contract and case', async ({ site, api }) => {
  test.setTimeout(180_000)
  const { paths } = (await (await api.get('/openapi.json')).json()) as OpenApi
  const key = { 'x-agent-daemon-key': site.serviceKey, 'x-clasper-aliases': 'on' }
  const json = { 'content-type': 'application/json' }
  let compared = 0
  for (const [template, operations] of Object.entries(paths)) {
    const path = template.replace('{seq}', '1').replace(/\{\w+\}/g, FOREIGN_ID)
    for (const name of Object.keys(operations)) {
      const method = name.toUpperCase()
      const cases: [string, string, Record<string, string>, string | undefined][] = [
        ['no credentials', path, {}, undefined],
        ['a wrong key', path, { 'x-agent-daemon-key': 'clk_wrong' }, undefined],
        ['a bad query', `${path}?limit=-1&tenant_id=%00`, key, undefined],
        ...(method === 'GET'
          ? []
          : ([
              ['a broken body', path, { ...key, ...json }, '{"a":'],
              ['no JSON', path, { ...key, 'content-type': 'text/plain' }, 'x'],
            ] as [string, string, Record<string, string>, string][])),
        ...(method === 'GET' && !LIVE.has(template)
          ? ([['an allowed call', path, key, undefined]] as [string, string, Record<string, string>, undefined][])
          : []),
      ]
      const from = { 'x-forwarded-for': `203.0.113.${compared % 250}` }
      for (const [label, target, headers, body] of cases) {
        const [lane, next] = [
          await answerOf(urlOf('lane'), method, target, { ...headers, ...from }, body),
          await answerOf(urlOf('next'), method, target, { ...headers, ...from }, body),
        ]
        expect(next, `${method} ${template} with ${label}`).toEqual(lane)
        expect(lane.hasIds, `${method} ${template}`).toBe(true)
        compared++
      }
    }
  }
  expect(compared).toBeGreaterThan(100)
})

test('the lane answers what no route takes', async ({ site }) => {
  const get = (path: string, method = 'GET') => fetch(`${site.url}${path}`, { method, redirect: 'manual' })
  const unknown = await get('/no/such/thing')
  expect([unknown.status, ((await unknown.json()) as { code: string }).code]).toEqual([404, 'not_found'])
  const wrong = await get('/health', 'DELETE')
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  const options = await get('/keys', 'OPTIONS')
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS'])
  const malformed = await get('/audit/%E0%A4%A')
  expect([malformed.status, ((await malformed.json()) as { code: string }).code]).toEqual([400, 'invalid_request'])
  const head = await get('/health', 'HEAD')
  expect([head.status, await head.text()]).toEqual([200, ''])
  expect((await get('//health')).status).toBe(404)
  expect((await get('/health/')).status).toBe(404)
})

test('a caller cannot choose the address that the rate limit sees', async ({ site }) => {
  const reply = await fetch(`${site.url}/keys`, {
    headers: { 'x-clasper-peer': '203.0.113.1', 'x-forwarded-for': '203.0.113.2' },
  })
  expect(reply.status).toBe(401)
})

test('page, route and fast lane live in one kernel', async ({ ops, page, site }) => {
  await ops.signIn('operator').open('/ops/system')
  const through = async (path: string) =>
    ((await (await page.request.get(`${site.url}${path}`)).json()) as { instance_id: string }).instance_id
  const lane = await through('/ops/api/system')
  expect(lane).toMatch(/^[0-9a-f-]{36}$/)
  expect(await page.content()).toContain(lane)
  expect(await (await page.request.get(`${urlOf('next')}/ops/api/system`)).text()).not.toContain(lane)
})
