import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { monotonicMs } from '../core/clock'
import type { Resolve } from '../core/http-client'
import { kernel } from '../core/kernel'
import { useKernel } from '../core/testing/kernel'
import { callTool as call, MCP_ENV, toolNames, useMcpPrograms } from '../core/testing/mcp-programs'
import { type Answer, good, json, onCall, type Seen, useSite } from '../core/testing/mcp-site'

describe('MCP servers over HTTP', () => {
  const site = useSite()
  useKernel('sqlite', { env: { ...MCP_ENV, CLASPER_TOOL_ALLOW_PRIVATE: 'true' } })
  const { open } = useMcpPrograms()
  afterEach(() => vi.unstubAllEnvs())
  const web = (more: object = {}) => ({ web: { transport: 'http', url: site.url, ...more } })

  test('are listed and called, with headers and secrets, in one session', async () => {
    vi.stubEnv('CLASPER_TOOL_SECRET_KEY', 'a-very-secret-value')
    site.answer = onCall(({ headers, rpc }, response) =>
      json(response, {
        jsonrpc: '2.0',
        id: rpc.id,
        result: { content: [{ type: 'text', text: `you sent ${headers.authorization}` }] },
      }),
    )
    const box = await open(web({ headers: { Authorization: 'Bearer {{secret.KEY}}', 'x-team': 'blue' } }))
    expect(toolNames(box)).toEqual(['mcp:web:look'])
    const outcome = await call(box, 'mcp:web:look')
    expect(outcome.content).toBe('"you sent Bearer [secret]"')
    const last = site.seen.at(-1) ?? expect.unreachable()
    expect(last.headers).toMatchObject({
      authorization: 'Bearer a-very-secret-value',
      'x-team': 'blue',
      'mcp-session-id': 'session-1',
    })
    expect(last.headers['user-agent'] ?? '').not.toContain('node')
    expect(site.seen.map(({ method }) => method)).not.toContain('GET')
  })

  test('may answer by events', async () => {
    site.answer = onCall(({ rpc }, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const message = { jsonrpc: '2.0', id: rpc.id, result: { content: [{ type: 'text', text: 'streamed' }] } }
      response.end(`event: message\ndata: ${JSON.stringify(message)}\n\n`)
    })
    expect((await call(await open(web()), 'mcp:web:look')).content).toBe('"streamed"')
  })

  test.each([
    ['hangs before its headers', () => undefined, /it did not answer in time/],
    [
      'hangs within its answer',
      (_: Seen, response: ServerResponse) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
      /it did not answer in time/,
    ],
    [
      'hangs within its events',
      (_: Seen, response: ServerResponse) =>
        void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': wait\n\n'),
      /it did not answer in time/,
    ],
    ['cuts the line', (_: Seen, response: ServerResponse) => void response.destroy(), /connection|cut|ended|failed/],
    [
      'fails',
      (_: Seen, response: ServerResponse) => void response.writeHead(500).end('<b>no</b>'),
      /it answered with status 500/,
    ],
    [
      'asks who we are',
      (_: Seen, response: ServerResponse) => void response.writeHead(401).end(),
      /it answered with status 401/,
    ],
    [
      'answers with a page',
      (_: Seen, response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<b>'),
      /content type|failed/i,
    ],
  ])('that %s are told of', { timeout: 20_000 }, async (_, answer, why) => {
    site.answer = onCall(answer as Answer)
    const box = await open(web({ timeout_ms: 500 }))
    const started = monotonicMs()
    const outcome = await call(box, 'mcp:web:look')
    expect(monotonicMs() - started).toBeLessThan(3_500)
    expect(outcome.isError).toBe(true)
    expect(outcome.content).toMatch(why)
    expect(outcome.content).not.toMatch(/<b>|127\.0\.0\.1/)
  })

  test('that flood are cut off', { timeout: 30_000 }, async () => {
    const state = { sent: 0, isClosed: false }
    site.answer = onCall((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const chunk = `: ${'z'.repeat(1_000_000)}\n\n`
      const more = (): void => {
        if (state.isClosed) return
        state.sent += chunk.length
        response.write(chunk, () => setImmediate(more))
      }
      response.on('close', () => {
        state.isClosed = true
      })
      more()
    })
    const outcome = await call(await open(web()), 'mcp:web:look')
    expect(outcome.content).toBe('The tool failed: it sent more than it may')
    await vi.waitFor(() => expect(state.isClosed).toBe(true), { timeout: 5_000 })
    expect(state.sent).toBeLessThan(64_000_000)
  })

  test('are followed within their origin, and never to another with what was meant for them', async () => {
    vi.stubEnv('CLASPER_TOOL_SECRET_KEY', 'a-very-secret-value')
    const elsewhere: string[] = []
    const other = createServer((request, response) => {
      elsewhere.push(String(request.headers.authorization))
      response.end('{}')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const target = `http://127.0.0.1:${(other.address() as AddressInfo).port}/mcp`
    site.answer = onCall((_, response) => void response.writeHead(307, { location: target }).end())
    const headers = { Authorization: 'Bearer {{secret.KEY}}' }
    const outcome = await call(await open(web({ headers })), 'mcp:web:look')
    expect(outcome).toMatchObject({ isError: true })
    expect(elsewhere).toEqual([])
    site.answer = (seen, response) =>
      seen.url === '/mcp' ? void response.writeHead(307, { location: '/there' }).end() : good(seen, response)
    expect((await call(await open(web({ headers, timeout_ms: 900 })), 'mcp:web:look')).content).toBe('"seen"')
    other.closeAllConnections()
    other.close()
  })
})

describe('MCP servers on addresses that are not public', () => {
  const site = useSite()
  useKernel('sqlite', { env: MCP_ENV })
  const { open } = useMcpPrograms()

  test.each(['http://127.0.0.1:9/mcp', 'http://169.254.169.254/mcp', 'http://[::1]/mcp', 'http://localhost/mcp'])(
    '%s is refused',
    async (url) => {
      const box = await open({ web: { transport: 'http', url } })
      expect(box.specs).toEqual([])
      expect(box.notes.join()).toMatch(/is a private address/)
    },
  )

  test('a public name that leads there is refused where it connects', async () => {
    const inside: Resolve = (_, __, done) => done(null, [{ address: '127.0.0.1', family: 4 }])
    kernel().slot('core.outbound.resolve', () => inside)
    const box = await open({ web: { transport: 'http', url: site.url.replace('127.0.0.1', 'tools.example') } })
    expect(box.notes.join()).toContain('tools.example leads to a private address')
    expect(site.seen).toEqual([])
  })
})
