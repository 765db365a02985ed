import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { testEnv } from '@/lib/core/testing/kernel'
import { contract, open } from '@/lib/shared/contract'
import { createLane } from './lane'
import { route } from './route'

const text = (path: string) =>
  route(contract({ method: 'GET', path, summary: path, guard: open, replyType: 'text' }), () => new Response(path))

const table = {
  routes: [
    { path: '/health', module: { GET: text('/health') } },
    { path: '/thing/[id]', module: { GET: text('/thing/{id}') } },
  ],
  pages: ['/ops'],
  files: ['/icon.svg'],
}

const servers: { close: () => void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const start = async (env: Record<string, string> = {}) => {
  const kernel = installKernel(createKernel({ env: testEnv('file:unused.db', env), log: createLog('silent') }))
  const lane = createLane(table, () => true)
  const server = createServer((request, response) => lane.handle(request, response))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = async (path: string, method = 'GET') => {
    const reply = await fetch(url + path, { method })
    return [reply.status, await reply.text()] as const
  }
  return { kernel, lane, ask }
}

it('leaves the console, its files and sign-in to Next, and nothing else', async () => {
  const { lane } = await start()
  for (const path of [
    '/ops',
    '/ops?peek=1',
    '/icon.svg',
    '/_next/static/x.js',
    '/api/auth/callback/oidc',
    '/ops/unknown',
  ])
    expect([path, lane.answers(path, 'GET')]).toEqual([path, false])
  for (const path of ['/health', '/thing/1', '/nope', '/ops/api/nope', '//ops', '/OPS', '/ops/api/../x', '/_nextish'])
    expect([path, lane.answers(path, 'GET')]).toEqual([path, true])
})

it('answers, refuses and explains', async () => {
  const { ask } = await start()
  expect(await ask('/thing/1')).toEqual([200, '/thing/{id}'])
  expect((await ask('/thing/1', 'POST'))[0]).toBe(405)
  expect((await ask('/thing'))[0]).toBe(404)
  expect(await ask('/health', 'HEAD')).toEqual([200, ''])
})

it('is watched and nothing else without the role web', async () => {
  const { ask, lane } = await start({ CLASPER_ROLES: 'worker' })
  expect((await ask('/health'))[0]).toBe(200)
  const [status, body] = await ask('/thing/1')
  expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([503, 'not_configured'])
  expect(lane.answers('/ops', 'GET')).toBe(true)
})

it('takes nothing new once the server is leaving', async () => {
  const { ask, kernel } = await start()
  await kernel.drain()
  const [status, body] = await ask('/health')
  expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([503, 'shutting_down'])
})
