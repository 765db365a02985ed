import { afterEach, describe, expect, test, vi } from 'vitest'
import { useKernel } from '../core/testing/kernel'
import { callTool as call, MCP_ENV, useMcpPrograms } from '../core/testing/mcp-programs'
import { type Answer, inSession, onCall, useSite } from '../core/testing/mcp-site'

const LATE = /it did not answer in time/

describe('MCP servers over HTTP', () => {
  const site = useSite()
  useKernel('sqlite', { env: { ...MCP_ENV, CLASPER_TOOL_ALLOW_PRIVATE: 'true' } })
  const { open } = useMcpPrograms()
  afterEach(() => vi.unstubAllEnvs())
  const web = (more: object = {}) => ({ web: { transport: 'http', url: site.url, ...more } })
  const sent = (method: string) => site.seen.filter((one) => one.method === method)
  const asked = (method: string) => site.seen.filter(({ rpc }) => rpc.method === method)

  // It knows the sessions since its last start alone, as one does that was started anew.
  const restarting = (state: { start: number }, status: number): Answer => {
    return (seen, response) => {
      const session = `start-${state.start}`
      if (seen.rpc.method === 'initialize') return inSession(session)(seen, response)
      if (seen.headers['mcp-session-id'] !== session) return void response.writeHead(status).end('unknown session')
      inSession(session)(seen, response)
    }
  }

  test('that forget the session are greeted anew, and the call is done', async () => {
    const state = { start: 1 }
    site.answer = restarting(state, 404)
    const box = await open(web())
    state.start = 2
    expect(await call(box, 'mcp:web:look')).toMatchObject({ content: '"seen"', isError: false })
    expect(asked('initialize')).toHaveLength(2)
  })

  test('that refuse the session in other words are greeted anew by the next call', { timeout: 20_000 }, async () => {
    const state = { start: 1 }
    site.answer = restarting(state, 400)
    const box = await open(web())
    state.start = 2
    expect((await call(box, 'mcp:web:look')).content).toContain('it answered with status 400')
    await vi.waitFor(async () => expect((await call(box, 'mcp:web:look')).content).toBe('"seen"'), {
      timeout: 8_000,
      interval: 100,
    })
  })

  test('that know no session at all are asked once more and left alone', { timeout: 20_000 }, async () => {
    site.answer = onCall((_, response) => void response.writeHead(404).end())
    const box = await open(web())
    expect((await call(box, 'mcp:web:look')).content).toContain('it answered with status 404')
    expect(asked('tools/call')).toHaveLength(2)
  })

  test('that ask and do not answer are cut off', { timeout: 30_000 }, async () => {
    site.answer = onCall((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let id = 0; id < 20_000; id++)
        response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })}\n\n`)
    })
    const outcome = await call(await open(web()), 'mcp:web:look')
    expect(outcome.content).toBe('The tool failed: it asked more than it may')
    expect(site.seen.length).toBeLessThan(500)
  })

  test('that nobody waits for any more are let go', { timeout: 20_000 }, async () => {
    const state = { isClosed: false }
    site.answer = onCall((_, response) => {
      response.on('close', () => {
        state.isClosed = true
      })
    })
    const outcome = await call(await open(web({ timeout_ms: 300 })), 'mcp:web:look')
    expect(outcome.content).toMatch(LATE)
    await vi.waitFor(() => expect(state.isClosed).toBe(true), { timeout: 3_000 })
    expect(asked('notifications/cancelled').length).toBeGreaterThan(0)
  })

  test('that end their events again and again are not asked for ever', { timeout: 20_000 }, async () => {
    const parting: Answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`retry: 1\nid: ${site.seen.length}\ndata:\n\n`)
    }
    site.answer = onCall(parting)
    site.other = parting
    const outcome = await call(await open(web({ timeout_ms: 1_500 })), 'mcp:web:look')
    expect(outcome.content).toMatch(LATE)
    expect(sent('GET').length).toBeGreaterThan(0)
    expect(sent('GET').length).toBeLessThan(20)
  })

  test('are told no secret of several lines, and neither is anybody else', async () => {
    const body = Array.from({ length: 20 }, (_, at) => `MII${String(at).padStart(60, 'x')}`)
    const lines = ['-----BEGIN KEY-----', ...body, '-----END KEY-----']
    vi.stubEnv('CLASPER_TOOL_SECRET_KEY', lines.join('\n'))
    const box = await open(web({ headers: { Authorization: 'Bearer {{secret.KEY}}' } }))
    expect(box.specs).toEqual([])
    expect(box.notes).toHaveLength(1)
    expect(box.notes.join()).not.toMatch(/MII/)
  })
})
