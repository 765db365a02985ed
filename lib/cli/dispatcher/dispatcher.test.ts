import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createReferenceBackend, type ReferenceBackend } from '@/examples/mission-control-lite/server'
import { programOf } from '../demo/program'
import { capture } from '../tasks/child'
import { nextPauseSec } from './loop'

const SECRET = 'a-secret-of-the-tests-that-is-long-enough'
const INTERNAL = 'internal-token-of-the-tests'
const { command, args } = programOf(process.cwd(), true)
const closers: (() => Promise<unknown>)[] = []
const WAIT = { timeout: 60_000, interval: 50 }

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const startBackend = async () => {
  const backend = await createReferenceBackend({ agentJwtSecret: SECRET, internalToken: INTERNAL })
  closers.push(() => backend.close())
  return backend
}

type Sent = { key: string; body: Record<string, unknown> }

// What answers in place of the server: the statuses in turn, then 200 for ever.
const startAgent = async (...statuses: number[]) => {
  const sent: Sent[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    sent.push({
      key: String(request.headers['x-agent-daemon-key']),
      body: JSON.parse(Buffer.concat(chunks).toString()),
    })
    response.writeHead(statuses.shift() ?? 200).end(JSON.stringify({ status: 'ok', suppressed: true }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { sent, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const environment = (backend: string, agent: string): Record<string, string> => ({
  BACKEND_URL: backend,
  AGENT_DAEMON_URL: agent,
  AGENT_DAEMON_API_KEY: 'the-daemon-key',
  AGENT_JWT_SECRET: SECRET,
  INTERNAL_API_TOKEN: INTERNAL,
  CLASPER_DEFAULT_TENANT_ID: 'acme',
  USER_ID: 'ada',
  DISPATCH_MIN_INTERVAL_SEC: '0',
  DISPATCH_MAX_INTERVAL_SEC: '1',
})

const clasper = (words: string[], env: Record<string, string>) => capture(command, [...args, ...words], { env })

const startDispatcher = (env: Record<string, string>) => {
  const child = spawn(command, [...args, 'dispatcher'], { env: { ...process.env, ...env } })
  const lines: Record<string, unknown>[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      for (const line of String(chunk)
        .split('\n')
        .filter((text) => text.startsWith('{')))
        lines.push(JSON.parse(line))
    })
  const stop = async () => {
    if (child.exitCode !== null) return child.exitCode
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    return (await gone)[0] as number | null
  }
  closers.push(stop)
  return { lines, stop, ended: () => child.exitCode }
}

const delivered = ({ store }: ReferenceBackend) =>
  store.all('SELECT id FROM notifications WHERE delivered_at IS NOT NULL').map(({ id }) => id)

describe('clasper dispatcher', () => {
  it('carries each notification over once, counts, and leaves when told', async () => {
    const backend = await startBackend()
    const agent = await startAgent(200, 202)
    const ids = ['one', 'two', 'three'].map(
      (content) => backend.notify({ tenantId: 'acme', userId: 'ada' }, { role: 'support', content }).id,
    )
    const dispatcher = startDispatcher(environment(backend.url, agent.url))
    await vi.waitFor(() => expect(delivered(backend)).toEqual(ids), WAIT)
    await vi.waitFor(() => expect(dispatcher.lines.length).toBeGreaterThan(1), WAIT)
    expect(await dispatcher.stop()).toBe(0)
    expect(agent.sent).toHaveLength(3)
    expect(agent.sent[0]).toEqual({
      key: 'the-daemon-key',
      body: {
        user_id: 'ada',
        session_key: 'user:ada:support',
        message: 'one',
        metadata: { type: 'mc.notification', notification_id: ids[0] },
        idempotency_key: `notification:${ids[0]}`,
        tenant_id: 'acme',
      },
    })
    expect(dispatcher.lines[0]).toEqual({
      event: 'dispatcher_tick',
      deliveries: 3,
      delivered: 3,
      failed: 0,
      duration_sec: expect.any(Number),
    })
  }, 120_000)

  it('keeps what failed for the next turn, under the same key, and lets nothing else wait', async () => {
    const backend = await startBackend()
    const agent = await startAgent(502)
    for (const content of ['first', 'second'])
      backend.notify({ tenantId: 'acme', userId: 'ada' }, { role: 'support', content })
    const dispatcher = startDispatcher(environment(backend.url, agent.url))
    await vi.waitFor(() => expect(delivered(backend)).toHaveLength(2), WAIT)
    expect(agent.sent.map(({ body }) => body['message'])).toEqual(['first', 'second', 'first'])
    expect(agent.sent[2]?.body['idempotency_key']).toBe(agent.sent[0]?.body['idempotency_key'])
    expect(dispatcher.lines).toContainEqual(expect.objectContaining({ event: 'dispatcher_delivery_failed' }))
    expect(dispatcher.lines).toContainEqual(expect.objectContaining({ delivered: 1, failed: 1 }))
  }, 120_000)

  it('outlives a backend that refuses', async () => {
    const backend = await startBackend()
    const env = { ...environment(backend.url, 'http://127.0.0.1:1'), INTERNAL_API_TOKEN: 'another-internal-token' }
    const dispatcher = startDispatcher(env)
    const errors = () => dispatcher.lines.filter(({ event }) => event === 'dispatcher_error')
    await vi.waitFor(() => expect(errors().length).toBeGreaterThan(1), WAIT)
    expect(errors()[0]?.['error']).toContain('401')
    expect(dispatcher.ended()).toBeNull()
    expect(await dispatcher.stop()).toBe(0)
  }, 120_000)

  it('says which setting is missing', async () => {
    const env = { ...environment('http://127.0.0.1:1', 'http://127.0.0.1:1'), INTERNAL_API_TOKEN: '' }
    const { code, output } = await clasper(['dispatcher'], env)
    expect([code, output]).toEqual([1, expect.stringContaining('INTERNAL_API_TOKEN')])
  }, 120_000)

  it('waits longer while there is nothing to do, up to the limit', () => {
    const pauses = [2]
    for (let n = 0; n < 6; n++) pauses.push(nextPauseSec(pauses.at(-1) ?? 0, false, 2, 30))
    expect(pauses).toEqual([2, 4, 8, 16, 30, 30, 30])
    expect(nextPauseSec(30, true, 2, 30)).toBe(2)
    expect(nextPauseSec(0, false, 0, 30)).toBe(1)
    expect(nextPauseSec(40, false, 40, 30)).toBe(40)
  })
})

describe('clasper heartbeat and standup', () => {
  it('ask the backend in the name of the user', async () => {
    const backend = await startBackend()
    const env = environment(backend.url, 'http://127.0.0.1:1')
    const beat = await clasper(['heartbeat'], env)
    expect(beat.stdout).toMatch(/"user_id": "ada"[\s\S]*\nheartbeat_ok\n$/)
    expect(backend.store.all('SELECT tenant_id, user_id FROM heartbeats')).toEqual([
      { tenant_id: 'acme', user_id: 'ada' },
    ])
    const standup = await clasper(['standup'], { ...env, STANDUP_TIMEZONE: 'Asia/Tokyo' })
    expect(standup.stdout).toMatch(/"timezone": "Asia\/Tokyo"[\s\S]*\nstandup_ok\n$/)
    expect([beat.code, standup.code]).toEqual([0, 0])
  }, 120_000)

  it('fail with what the backend says', async () => {
    const backend = await startBackend()
    const env = { ...environment(backend.url, 'http://127.0.0.1:1'), AGENT_JWT_SECRET: `another ${SECRET}` }
    const beat = await clasper(['heartbeat'], env)
    expect(beat.code).toBe(1)
    expect(beat.output).toContain('heartbeat failed: The backend answered 401')
    expect(beat.output).not.toContain('heartbeat_ok')
    expect((await clasper(['standup'], { ...env, USER_ID: '' })).code).toBe(2)
  }, 120_000)

  it('wake the agent with --run', async () => {
    const agent = await startAgent()
    const { code, stdout } = await clasper(['heartbeat', '--run'], environment('http://127.0.0.1:1', agent.url))
    expect([code, stdout]).toEqual([0, expect.stringContaining('heartbeat_ok')])
    expect(agent.sent[0]?.body).toEqual({
      user_id: 'ada',
      session_key: 'user:ada:agent',
      message: 'Read HEARTBEAT.md if it exists and follow it. If nothing needs attention, reply HEARTBEAT_OK.',
      metadata: { type: 'mc.heartbeat' },
    })
  }, 120_000)
})

describe('clasper backend', () => {
  it('starts, serves and leaves', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clasper-backend-'))
    closers.push(async () => rmSync(folder, { recursive: true, force: true }))
    const child = spawn(command, [...args, 'backend', '--port', '0'], {
      env: { ...process.env, AGENT_JWT_SECRET: SECRET, MC_LITE_DB: join(folder, 'mc.db'), BACKEND_SEED: 'default' },
    })
    closers.push(async () => child.kill('SIGKILL'))
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += String(chunk)
    })
    const url = await vi.waitFor(() => {
      const found = /http:\/\/[\d.:]+/.exec(text)?.[0]
      if (!found) throw new Error('not yet')
      return found
    }, WAIT)
    expect(await (await fetch(url)).text()).toContain('Order 1042')
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await gone)[0]).toBe(0)
  }, 120_000)
})
