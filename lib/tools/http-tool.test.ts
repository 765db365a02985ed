import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { agentToken } from '../auth'
import { backendFor } from '../control-plane'
import { newTenant, useKernel } from '../core/testing/kernel'
import type { SkillHttpTool } from '../skills'
import { type ToolOutcome, toolsFor } from './toolbox'

type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string }

const never = new AbortController().signal

const tool = (url: string, over: Partial<SkillHttpTool> = {}): SkillHttpTool => ({
  name: 'weather',
  description: 'Weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  method: 'GET',
  url,
  headers: {},
  skill: 'weather',
  ...over,
})

const act = async (httpTool: SkillHttpTool, args: Record<string, unknown> = { city: 'Bern' }): Promise<ToolOutcome> => {
  const { scope } = await newTenant()
  const token = await agentToken(scope, { userId: 'u', role: 'agent' })
  const agent = { userId: 'u', role: 'agent', traceId: scope.traceId, workspaceId: 'default', token, signal: never }
  const box = await toolsFor(scope, {
    bundle: { toolGrants: ['weather'], httpTools: [httpTool] },
    backend: backendFor(scope, agent),
  })
  const place = { role: 'agent', workspaceId: 'default', environment: 'default' }
  const ctx = { traceId: 'trace', taskId: null, signal: never, place }
  return box.call({ id: 'call', name: 'weather', arguments: args }, ctx)
}

const houseOf = (env: Record<string, string>) => {
  const house = {
    url: '',
    seen: [] as Seen[],
    answer: (_: Seen, response: ServerResponse): void => void response.end(),
  }
  let server: Server
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      if (request.url === '/api/tools') return void response.writeHead(404).end('{}')
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { method = '', url = '', headers } = request
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString() }
      house.seen.push(seen)
      house.answer(seen, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    house.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    env['BACKEND_URL'] = house.url
  })
  useKernel('sqlite', { env })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  afterEach(() => {
    house.seen.length = 0
    vi.unstubAllEnvs()
  })
  return house
}

describe('a tool of a skill', () => {
  const house = houseOf({ CLASPER_TOOL_ALLOW_PRIVATE: 'true', CLASPER_TOOL_TIMEOUT_MS: '400' })
  const json =
    (body: unknown, status = 200) =>
    (_: Seen, response: ServerResponse) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  test('is one request, and its answer is the result', async () => {
    house.answer = json({ degrees: 21 })
    expect(await act(tool(`${house.url}/v1/{{city}}?lang=en`))).toMatchObject({
      content: '{"degrees":21}',
      isError: false,
      permitted: true,
    })
    expect(house.seen).toMatchObject([{ method: 'GET', url: '/v1/Bern?lang=en' }])
    await act(tool(`${house.url}/v1`, { method: 'POST' }))
    expect(house.seen[1]).toMatchObject({
      method: 'POST',
      body: '{"city":"Bern"}',
      headers: { 'idempotency-key': 'trace:call', 'content-type': 'application/json' },
    })
  })

  test('a secret is sent, and hidden where it comes back', async () => {
    vi.stubEnv('CLASPER_TOOL_SECRET_WEATHER', 's3cr"et/1')
    house.answer = ({ headers }, response) =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ echo: headers['x-key'], url: encodeURIComponent(String(headers['x-key'])) }))
    const keyed = tool(house.url, { headers: { 'X-Key': 'k {{secret.WEATHER}}' } })
    const outcome = await act(keyed)
    expect(house.seen[0]?.headers['x-key']).toBe('k s3cr"et/1')
    expect(outcome.content).toContain('[secret]')
    expect(outcome.content).not.toMatch(/s3cr/)
    const spelled = '["\\u0073\\u0033cr\\u0022et\\/1"]'
    house.answer = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(spelled)
    expect((await act(keyed)).content).toBe('["[secret]"]')
    house.answer = (_, response) => void response.end('plain s3cr"et/1 text')
    expect((await act(keyed)).content).toBe('"plain [secret] text"')
  })

  test('a secret is hidden in text that is JSON by its look alone, and a short one is not sent', async () => {
    vi.stubEnv('CLASPER_TOOL_SECRET_WEATHER', 'pa"ss\\word/1')
    const keyed = tool(house.url, { headers: { 'X-Key': '{{secret.WEATHER}}' } })
    house.answer = ({ headers }, response) =>
      void response
        .writeHead(200, { 'content-type': 'text/plain' })
        .end(JSON.stringify({ echo: headers['x-key'] }).replaceAll('/', '\\/'))
    expect((await act(keyed)).content).toBe(JSON.stringify('{"echo":"[secret]"}'))
    vi.stubEnv('CLASPER_TOOL_SECRET_WEATHER', 'abc')
    house.seen.length = 0
    expect(await act(keyed)).toMatchObject({ isError: true, content: expect.stringContaining('too short') })
    expect(house.seen).toEqual([])
  })

  test.each(['weather.example', '127.0.0.10 program', '*.127.0.0.1'])(
    'a secret for %s goes nowhere else',
    async (hosts) => {
      vi.stubEnv('CLASPER_TOOL_SECRET_WEATHER', 'pass-word-1')
      vi.stubEnv('CLASPER_TOOL_HOSTS_WEATHER', hosts)
      const outcome = await act(tool(house.url, { headers: { 'X-Key': '{{secret.WEATHER}}' } }))
      expect(outcome.content).toContain('WEATHER is not configured on this server for 127.0.0.1')
      expect(house.seen).toEqual([])
    },
  )

  test.each(['weather.example, 127.0.0.1', '*.0.0.1'])('a secret for %s goes there', async (hosts) => {
    vi.stubEnv('CLASPER_TOOL_SECRET_WEATHER', 'pass-word-1')
    vi.stubEnv('CLASPER_TOOL_HOSTS_WEATHER', hosts)
    const outcome = await act(tool(house.url, { headers: { 'X-Key': '{{secret.WEATHER}}' } }))
    expect(outcome.isError).toBe(false)
    expect(house.seen[0]?.headers['x-key']).toBe('pass-word-1')
  })

  test('a secret that is not there sends nothing', async () => {
    const outcome = await act(tool(house.url, { headers: { 'X-Key': '{{secret.ABSENT}}' } }))
    expect(outcome).toMatchObject({ isError: true, content: expect.stringContaining('ABSENT is not configured') })
    expect(house.seen).toEqual([])
  })

  test('failures are told with their status, and are no denials', async () => {
    house.answer = json({ message: 'forbidden' }, 403)
    expect(await act(tool(house.url))).toMatchObject({
      isError: true,
      permitted: true,
      content: '{"status":403,"body":{"message":"forbidden"}}',
    })
    house.answer = (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    expect(await act(tool(house.url))).toMatchObject({ isError: true, content: '{"status":302,"body":""}' })
    expect(house.seen).toHaveLength(2)
  })

  test.each<[string, (seen: Seen, response: ServerResponse) => void, RegExp]>([
    ['plain text', (_, response) => void response.end('sunny\0'), /^"sunny\\u0000"$/],
    [
      'no JSON although it says so',
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
      /^"\{"$/,
    ],
    ['too much', (_, response) => void response.end('x'.repeat(2_000_000)), /too large/],
    ['silence', () => undefined, /did not answer/],
    ['a closed line', (_, response) => void response.destroy(), /could not be reached/],
  ])('%s', async (_, answer, expected) => {
    house.answer = answer
    expect((await act(tool(house.url))).content).toMatch(expected)
  })

  test('arguments that do not fit are not sent', async () => {
    expect(await act(tool(house.url), { city: 4 })).toMatchObject({ isError: true })
    expect(await act(tool(`${house.url}/{{city}}`), { city: '..' })).toMatchObject({ isError: true })
    expect(house.seen).toEqual([])
  })
})

describe('where private addresses are not allowed', () => {
  const house = houseOf({})

  test.each([
    () => house.url,
    () => house.url.replace('127.0.0.1', 'localhost'),
    () => house.url.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    () => 'http://169.254.169.254/latest/meta-data',
    () => 'http://2130706433/',
  ])('%# is not called', async (url) => {
    expect(await act(tool(url()))).toMatchObject({
      isError: true,
      content: 'The tool failed: its address may not be called from here',
    })
    expect(house.seen).toEqual([])
  })
})
