import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { SERVICE_KEY, useAgentHouse } from '@/lib/core/testing/agent-house'
import { type ConsoleServer, startConsole } from '@/lib/core/testing/console-server'
import { type TestFolder, useFolder } from '@/lib/core/testing/folder'
import { route } from '@/lib/http/route'
import { stream } from '@/lib/runtime'
import { stream as contract } from '@/lib/runtime/contract'
import { programOf } from '../demo/program'
import { writePrivate } from '../private-file'
import { capture, start } from '../tasks/child'

const TENANT = 'cli-tenant'
const { command, args } = programOf(process.cwd(), true)
let server: ConsoleServer
let state: TestFolder

const surroundings = (env: Record<string, string>) => ({
  AGENT_DAEMON_URL: server.url,
  AGENT_DAEMON_API_KEY: SERVICE_KEY,
  CLASPER_STATE_DIR: state.path,
  XDG_CONFIG_HOME: state.path,
  USER_ID: '',
  ...env,
})

const clasperRun = (words: string[], env: Record<string, string> = {}) =>
  capture(command, [...args, 'run', ...words], { env: surroundings(env), timeoutMs: 30_000 })

const listen = async (answer: RequestListener) => {
  const stub = createServer(answer)
  await once(stub.listen(0, '127.0.0.1'), 'listening')
  return { url: `http://127.0.0.1:${(stub.address() as AddressInfo).port}`, close: () => stub.close() }
}

const tracesOf = (userId: string) => systemDb().trace.findMany({ where: { tenantId: TENANT, userId } })

const LOOKUP = { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] }

describe('clasper run', () => {
  const house = useAgentHouse('sqlite', { env: { CLASPER_DEFAULT_TENANT_ID: TENANT } })
  state = useFolder()
  beforeAll(async () => {
    const POST = route(contract, (scope, { body }) => stream(scope, body))
    server = await startConsole({ '/api/agents/stream': { POST } })
  })
  afterAll(() => server.close())
  beforeEach(() => house.provider.reset())

  it('shows tools, answer, cost, delivery and trace; the answer alone can be piped', async () => {
    house.provider.script(LOOKUP, { text: ['It ', 'arrives ', 'on Tuesday.'] })
    const { code, stdout, output } = await clasperRun(['Where is order 1001?', '--task', 'Orders', '--user', 'u7'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'It arrives on Tuesday.\n' })
    expect(output).toContain('→ order_lookup\n← order_lookup answered after ')
    expect(output).toMatch(/completed · gpt-4o-mini · \d+ \+ \d+ tokens · \$0\.\d{6}\n/)
    const [trace, ...more] = await tracesOf('u7')
    expect(more).toEqual([])
    expect(output).toContain(`posted to ${trace?.taskId}\ntrace ${trace?.id}\n`)
  })

  it('prints one event a line for programs', async () => {
    house.provider.script({ text: 'Hello.' })
    const { code, stdout } = await clasperRun(['Hi', '--json', '--role', 'night-shift'])
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(events[0]).toMatchObject({ type: 'start' })
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      response: 'Hello.',
      delivery: 'none',
      stop_reason: 'completed',
    })
  })

  it('lets no model steer the terminal', async () => {
    house.provider.script({ text: 'a\u001B[2Jb\u009Bc\u0007\td' })
    expect((await clasperRun(['Hi'])).stdout).toBe('a[2Jbc\td\n')
  })

  it('Ctrl-C cancels the run at the server, which keeps what was spent', async () => {
    house.provider.script({ text: 'and so on '.repeat(2_000), chunkDelayMs: 50 })
    const child = start(command, [...args, 'run', 'Count', '--user', 'u9'], { env: surroundings({}) })
    const said: string[] = []
    child.stderr?.on('data', (line) => said.push(String(line)))
    child.stdout?.once('data', () => child.kill('SIGINT'))
    const [code] = await once(child, 'close')
    expect({ code, said: said.join('') }).toEqual({
      code: 1,
      said: expect.stringContaining('Cancelled. What was done'),
    })
    await expect
      .poll(async () => (await tracesOf('u9')).map(({ status }) => status), { timeout: 10_000 })
      .toEqual(['cancelled'])
  })

  it.each([
    [['  '], 2, 'What shall the agent do?'],
    [['Hi', '--role', '../../x'], 2, '--role is a name'],
    [['Hi', '--user', 'a:b'], 2, '--user may not'],
    [['Hi', '--workspace', 'unknown'], 1, 'not_found'],
  ])('%j ends with code %i and says why', async (words, expected, text) => {
    const { code, output } = await clasperRun(words)
    expect({ code, output }).toMatchObject({ code: expected, output: expect.stringContaining(text) })
    expect(output).not.toMatch(/\n\s+at /)
  })

  it.each([
    ['a wrong key', { AGENT_DAEMON_API_KEY: 'wrong' }, 'invalid_daemon_key'],
    ['no key and no login', { AGENT_DAEMON_API_KEY: '' }, 'clasper login'],
    ['no server', { AGENT_DAEMON_URL: 'http://127.0.0.1:1' }, 'No server answers at http://127.0.0.1:1'],
  ])('%s is a reason in words', async (_, env, text) => {
    const { code, output } = await clasperRun(['Hi'], env)
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining(text) })
  })

  it('a provider that fails is a failed run with its trace', async () => {
    house.provider.answer(() => ({ status: 500 }))
    const { code, output } = await clasperRun(['Hi'])
    expect(code).toBe(1)
    expect(output).toMatch(/provider_error[\s\S]*trace [0-9a-f-]{36}/)
  })

  it('without a key the person who signed in runs it', async () => {
    const asked: unknown[] = []
    const console = await listen(async (request, response) => {
      const body: unknown = JSON.parse(Buffer.concat(await request.toArray()).toString())
      asked.push({ url: request.url, authorization: request.headers.authorization, body })
      response.writeHead(403, { 'content-type': 'application/json' })
      response.end('{"error":"Not for you","code":"permission_denied"}')
    })
    const login = { issuer: 'i', client_id: 'c', server: console.url, sub: 's', access_token: 'opaque' }
    const kept = JSON.stringify({ ...login, refresh_token: null, expires_at: null })
    writePrivate(state.at('clasper', 'login.json'), kept)
    const { code, output } = await clasperRun(['Hi', '--workspace', 'w'], { AGENT_DAEMON_API_KEY: '' })
    console.close()
    expect({ code, output }).toEqual({ code: 1, output: 'clasper run: Not for you (permission_denied)\n' })
    expect(asked).toEqual([
      {
        url: '/ops/api/agents/stream',
        authorization: 'Bearer opaque',
        body: { message: 'Hi', role: 'agent', workspace_id: 'w' },
      },
    ])
  })

  it('a stream that is cut says so', async () => {
    const cut = await listen((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('event: start\ndata: {"type":"start","trace_id":"t1"}\n\nevent: chunk\ndata: {"type":"ch')
    })
    const { code, output } = await clasperRun(['Hi'], { AGENT_DAEMON_URL: cut.url })
    cut.close()
    expect(code).toBe(1)
    expect(output).toContain('The connection ended before the answer did. What was done stands in trace t1.')
  })
}, 60_000)
