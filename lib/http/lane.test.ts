import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { testEnv } from '@/lib/core/testing/kernel'
import { contract, open } from '@/lib/shared/contract'
import { createLane } from './lane'
import { route } from './route'

const text = (path: string) =>
  route(contract({ method: 'GET', path, summary: path, guard: open, replyType: 'text' }), () => new Response(path))

const events = route(
  contract({ method: 'GET', path: '/events', summary: 'events', guard: open, stream: { one: z.object({}) } }),
  async function* () {
    yield { event: 'one', data: {} }
  },
)

const table = {
  routes: [
    { path: '/events', module: { GET: events } },
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
  const { port } = server.address() as AddressInfo
  const raw = async (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    socket.end(text)
    let heard = ''
    for await (const bytes of socket) heard += String(bytes)
    return heard
  }
  return { kernel, lane, ask, raw }
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

it('sends events in chunks to whoever knows chunks, and as they are to whoever does not', async () => {
  const { raw } = await start()
  const [now, before] = await Promise.all(
    ['1.1', '1.0'].map((version) => raw(`GET /events HTTP/${version}\r\nhost: x\r\nconnection: close\r\n\r\n`)),
  )
  expect(now).toMatch(/^transfer-encoding: chunked\r$/im)
  expect(now).toContain('event: one')
  expect(before).not.toMatch(/chunked/i)
  expect(before?.split('\r\n\r\n')[1]).toBe(': open\n\nevent: one\ndata: {}\n\n')
})
