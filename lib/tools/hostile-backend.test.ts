import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agentToken } from '../auth'
import { backendFor } from '../control-plane'
import { monotonicMs } from '../core/clock'
import { newTenant, useKernel } from '../core/testing/kernel'
import { type Toolbox, toolsFor } from './toolbox'

type Say = (response: ServerResponse) => void

const json =
  (body: string, status = 200): Say =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(body)

const spec = (name: unknown, parameters: unknown = { type: 'object' }, description: unknown = 'x') => ({
  name,
  description,
  parameters,
})

const doubling = Object.fromEntries(
  Array.from({ length: 40 }, (_, i) => [`d${i}`, { allOf: [1, 2].map(() => ({ $ref: `#/$defs/d${i + 1}` })) }]),
)

const never = new AbortController().signal

describe('a backend that means harm', () => {
  const env: Record<string, string> = { CLASPER_TOOL_TIMEOUT_MS: '400', CLASPER_BACKEND_TIMEOUT_MS: '400' }
  const script: { tools: Say; call: Say } = { tools: json('{"tools":[]}'), call: json('{}') }
  let server: Server
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume()
      request.on('end', () => (request.method === 'GET' ? script.tools(response) : script.call(response)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    env['BACKEND_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  useKernel('sqlite', { env })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const open = async (
    tools: readonly unknown[],
  ): Promise<{ box: Toolbox; act: (name?: string, args?: object) => ReturnType<Toolbox['call']> }> => {
    const { scope } = await newTenant()
    script.tools = json(JSON.stringify({ tools }))
    const token = await agentToken(scope, { userId: 'u', role: 'agent' })
    const agent = { userId: 'u', role: 'agent', traceId: scope.traceId, workspaceId: 'default', token, signal: never }
    const box = await toolsFor(scope, {
      bundle: { toolGrants: ['*'], httpTools: [] },
      backend: backendFor(scope, agent),
    })
    const place = { role: 'agent', workspaceId: 'default', environment: 'default' }
    const ctx = { traceId: scope.traceId, taskId: null, signal: never, place }
    return { box, act: (name = 'evil', args = {}) => box.call({ id: 'c', name, arguments: { ...args } }, ctx) }
  }

  const shown = (box: Toolbox) =>
    box.specs.map(({ name }) => name).filter((name) => !/^(?:task_|message_post|document_post)/.test(name))

  test('tools that cannot be used are left out one by one, and each is named', async () => {
    const { box } = await open([
      spec('fine'),
      spec('a b'),
      spec('../../etc'),
      spec('no-object', { type: 'string' }),
      spec('remote', { type: 'object', properties: { a: { $ref: 'https://evil.example/x.json' } } }),
      spec('circle', { $ref: '#' }),
      spec('old', { type: 'object', properties: { a: { type: 'string', required: true } } }),
      spec('task_create', { type: 'object', properties: { everything: {} } }),
      spec('ns:x'),
      spec('ns_x'),
    ])
    expect(shown(box)).toHaveLength(3)
    expect(shown(box)).toEqual(expect.arrayContaining(['fine', 'ns_x']))
    expect(box.notes.join('\n')).toMatch(/a b[\s\S]*no-object|no-object[\s\S]*a b/)
    for (const name of ['remote', 'circle', 'old', 'task_create']) expect(box.notes.join('\n')).toContain(name)
    expect(box.sourceOf('task_create')).toBe('built-in')
  })

  test('an alias leads to the tool that it stands for', async () => {
    const { box, act } = await open([spec('mail:send')])
    const [alias] = shown(box)
    expect(alias).toBe('mail_send')
    const asked: string[] = []
    server.once('request', (request) => asked.push(String(request.url)))
    expect(await act('mail_send')).toMatchObject({ isError: false, tool: 'mail:send' })
    expect(asked).toEqual(['/api/tools/mail%3Asend'])
    expect(await act('mail:send')).toMatchObject({ isError: false })
  })

  test('a thousand tools are cut down to what providers take', async () => {
    const { box } = await open(Array.from({ length: 1_000 }, (_, i) => spec(`tool_${i}`)))
    expect(box.specs.length).toBeLessThanOrEqual(128)
    expect(box.notes.join()).toContain('at most')
  })

  test('a description without end is shortened', async () => {
    const { box } = await open([spec('long', { type: 'object' }, '🙂'.repeat(5_000))])
    const description = box.specs.find(({ name }) => name === 'long')?.description ?? ''
    expect([...description]).toHaveLength(1_001)
  })

  test('parameters that take for ever to check are told to the model as such', async () => {
    const { box, act } = await open([
      spec('evil', { type: 'object', $ref: '#/$defs/d0', $defs: { ...doubling, d40: {} } }),
    ])
    expect(shown(box)).toEqual(['evil'])
    const started = monotonicMs()
    expect(await act()).toMatchObject({ isError: true, content: expect.stringContaining('too long to check') })
    expect(monotonicMs() - started).toBeLessThan(2_000)
  })

  test.each<[string, Say, RegExp]>([
    ['a megabyte', json(JSON.stringify('x'.repeat(1_000_000))), /\[truncated: \d+ of 1000002 bytes are shown\]$/],
    ['depth', json('['.repeat(50_000) + ']'.repeat(50_000)), /^\[|failed/],
    ['control letters', json('"a\\u0000\\u001b[2J\\u202e"'), /^"a\\u0000\\u001b\[2J\\u202e"$/],
    ['a raw null byte', json('"a\0"'), /failed/],
    ['no JSON', json('<html>'), /failed/],
    ['nothing', json(''), /failed/],
    [
      'half an answer',
      (response) => void response.writeHead(200, { 'content-length': '100' }).end('{'),
      /failed|did not answer/,
    ],
    ['a closed line', (response) => void response.destroy(), /failed/],
    ['silence', () => undefined, /failed|did not answer/],
    ['a failure', json('{"error":"out of order"}', 500), /out of order/],
    ['not found', json('{"error":"tool not found"}', 404), /tool not found/],
    ['another form of error', json('{"error":{"a":1}}', 400), /failed/],
    [
      'a redirect inside',
      (response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      /failed/,
    ],
    ['dangerous names', json('{"__proto__":{"isError":true},"toJSON":1,"constructor":{}}'), /^\{/],
  ])('%s as an answer', async (_, say, expected) => {
    script.call = say
    const { act } = await open([spec('evil')])
    const outcome = await act()
    expect(outcome.permitted).toBe(true)
    expect(outcome.content).toMatch(expected)
    expect(Buffer.byteLength(outcome.content)).toBeLessThanOrEqual(65_536)
    expect(outcome.content).not.toContain('\0')
    expect(outcome.durationMs).toBeLessThan(5_000)
  })

  test('a refusal is a refusal', async () => {
    script.call = json('{"error":"not for you"}', 403)
    const { act } = await open([spec('evil')])
    expect(await act()).toMatchObject({
      permitted: false,
      isError: true,
      reason: { layer: 'backend', reason: 'the backend refused it: not for you' },
    })
  })

  test.each<[string, unknown]>([
    ['__proto__', JSON.parse('{"a":{"__proto__":{"isAdmin":true}}}')],
    ['deeper than 64', JSON.parse(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)],
    ['leads out', { file: '%252e%252e／etc' }],
  ])('arguments with %s reach nobody', async (words, args) => {
    const asked: unknown[] = []
    script.call = (response) => {
      asked.push(1)
      response.end('{}')
    }
    const { act } = await open([spec('evil')])
    const outcome = await act('evil', args as object)
    expect(outcome).toMatchObject({ permitted: false, reason: { layer: 'arguments' } })
    expect(outcome.content).toContain(words)
    expect(asked).toEqual([])
  })

  test('calls that are no calls', async () => {
    const { box } = await open([spec('evil')])
    const place = { role: null, workspaceId: 'default', environment: 'default' }
    const ctx = { traceId: 't', taskId: null, signal: never, place }
    const odd = [
      { id: 'a', name: 'evil', arguments: null },
      { id: 'a', name: null, arguments: {} },
      { id: 'a', name: 'evil', arguments: 'text' },
      { id: 'a', name: 'evil', arguments: [] },
      { name: 'evil' },
      null,
    ]
    script.call = json('{}')
    for (const call of odd) expect(typeof (await box.call(call as never, ctx)).content).toBe('string')
  })
})
