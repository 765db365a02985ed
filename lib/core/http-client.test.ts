import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { fixedClock } from './clock'
import { breakers, isPublicAddress, type Outbound, type Resolve, request, retryAfterMs } from './http-client'
import { kernel } from './kernel'
import { useKernel } from './testing/kernel'

type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string }
type Answer = (request: IncomingMessage, response: ServerResponse) => void

const seen: Seen[] = []
const answers: Answer[] = []
const holder: { server?: Server; other?: Server } = {}
const say =
  (status: number, text = '', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(text)

const listen = async (): Promise<Server> => {
  const server = createServer(async (incoming, response) => {
    let body = ''
    for await (const chunk of incoming) body += String(chunk)
    seen.push({ method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body })
    ;(answers.shift() ?? say(200, 'ok'))(incoming, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
const portOf = (server: Server | undefined) => (server?.address() as AddressInfo | undefined)?.port
const base = () => `http://127.0.0.1:${portOf(holder.server)}`

const clock = fixedClock(new Date('2026-03-01T12:00:00Z'))
const names = new Map<string, string[]>()
const looked: string[] = []
const resolve: Resolve = (host, _, done) => {
  looked.push(host)
  const addresses = names.get(host) ?? []
  if (addresses.length === 0) return done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
  done(
    null,
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  )
}

describe('the outbound client', () => {
  useKernel('sqlite', { clock })
  beforeAll(async () => {
    kernel().slot('core.outbound.resolve', () => resolve)
    holder.server = await listen()
    holder.other = await listen()
  })
  afterAll(() => {
    for (const server of [holder.server, holder.other]) {
      server?.close()
      server?.closeAllConnections()
    }
  })
  beforeEach(() => {
    seen.length = 0
    answers.length = 0
  })

  const faultOf = async (outbound: Outbound): Promise<unknown> =>
    request(outbound).then(
      ({ status }) => status,
      (error: { fault?: string }) => error.fault,
    )

  describe('a call', () => {
    it('sends and reads', async () => {
      answers.push(say(201, '{"a":1}', { 'x-one': 'y' }))
      const reply = await request({ method: 'POST', url: `${base()}/a?b=c`, headers: { 'x-in': '1' }, body: 'hello' })
      expect(reply).toMatchObject({ status: 201, text: '{"a":1}', headers: { 'x-one': 'y' } })
      expect(reply.json()).toEqual({ a: 1 })
      expect(seen).toMatchObject([{ method: 'POST', url: '/a?b=c', body: 'hello', headers: { 'x-in': '1' } }])
    })

    it('reuses its connection', async () => {
      const ports = new Set<number | undefined>()
      for (let n = 0; n < 10; n++) {
        answers.push((incoming, response) => {
          ports.add(incoming.socket.remotePort)
          response.end('ok')
        })
        await request({ url: base() })
      }
      expect(ports.size).toBeLessThan(4)
    })

    it('has one time limit, also for a body that trickles', async () => {
      answers.push(() => undefined)
      expect(await faultOf({ url: base(), timeoutMs: 150 })).toBe('timeout')
      answers.push((_, response) => {
        const timer = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(timer))
      })
      expect(await faultOf({ url: base(), timeoutMs: 300 })).toBe('timeout')
    })

    it('ends with its signal, and reads no more than it may', async () => {
      const stop = new AbortController()
      answers.push(() => stop.abort())
      expect(await faultOf({ url: base(), signal: stop.signal, attempts: 3 })).toBe('aborted')
      answers.push(say(200, 'x'.repeat(5_000)))
      expect(await faultOf({ url: base(), maxBytes: 1_000 })).toBe('too_large')
      answers.push(say(200, 'x'.repeat(5_000)))
      expect(await faultOf({ url: base(), maxBytes: 1_000, cutsBody: true })).toBe(200)
    })

    it('speaks http alone', async () => {
      for (const url of ['ftp://x/', 'file:///etc/passwd', 'nonsense', ''])
        expect(await faultOf({ url })).toBe('invalid_url')
      expect(await faultOf({ url: 'http://me:pw@example.com/', guard: 'public' })).toBe('invalid_url')
    })
  })

  describe('retries', () => {
    it('follow 429, 5xx and broken connections, as often as asked', async () => {
      answers.push(say(503), say(429, '', { 'retry-after': '0' }), (incoming) => incoming.socket.destroy())
      expect(await request({ url: base(), attempts: 5, breaker: 'retries' })).toMatchObject({ status: 200 })
      expect(seen).toHaveLength(4)
      answers.push(say(500), say(500), say(500))
      expect(await request({ url: base(), attempts: 2, breaker: 'retries' })).toMatchObject({ status: 500 })
      answers.length = 0
    })

    it('do not follow what a repetition would not heal', async () => {
      answers.push(say(400))
      expect(await request({ url: base(), attempts: 3 })).toMatchObject({ status: 400 })
      expect(seen).toHaveLength(1)
    })

    it('wait as long as they are asked to, within reason', () => {
      expect([retryAfterMs('2'), retryAfterMs('999999'), retryAfterMs('-1')]).toEqual([2_000, 30_000, 0])
      expect(retryAfterMs('Sun, 01 Mar 2026 12:00:05 GMT')).toBe(5_000)
      expect([retryAfterMs('soon'), retryAfterMs(undefined), retryAfterMs('')]).toEqual([null, null, null])
    })
  })

  describe('the circuit breaker', () => {
    it('opens after five failures, lets one probe through, and closes with its success', async () => {
      const call = () => faultOf({ url: base(), breaker: 'shaky' })
      const view = () => breakers().find(({ name }) => name === 'shaky')
      for (let n = 0; n < 5; n++) {
        answers.push(say(502))
        expect(await call()).toBe(502)
      }
      expect(view()).toMatchObject({ state: 'open', failures: 5 })
      expect(await call()).toBe('circuit_open')
      expect(seen).toHaveLength(5)
      clock.advance(10_000)
      answers.push((_, response) => void setTimeout(() => response.writeHead(500).end(), 100))
      expect(await Promise.all([call(), call()])).toEqual([500, 'circuit_open'])
      expect(await call()).toBe('circuit_open')
      clock.advance(10_000)
      expect(await call()).toBe(200)
      expect(view()).toBeUndefined()
    })

    it('does not count what the caller did wrong', async () => {
      for (let n = 0; n < 7; n++) {
        answers.push(say(404))
        expect(await faultOf({ url: base(), breaker: 'mine' })).toBe(404)
      }
    })
  })

  describe('addresses of users', () => {
    const literals = [
      ...['127.0.0.1', '0x7f.1', '2130706433', '0177.0.0.1', '127.1', '１２７.0.0.1', '[::1]', '[::ffff:127.0.0.1]'],
      ...['[::ffff:7f00:1]', '[::127.0.0.1]', '10.0.0.1', '172.16.9.9', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
      ...['0.0.0.0', '224.0.0.1', '255.255.255.255', '[fe80::1]', '[fd00::1]', '[ff02::1]', '[64:ff9b::7f00:1]'],
      ...['[2002:7f00:1::]', '[64:ff9b:1::1]', 'localhost', 'x.localhost', 'localhost.', '127.0.0.1.'],
    ]
    test.each(literals)('%s is refused before anything is looked up', async (host) => {
      looked.length = 0
      const url = `http://${host}:${portOf(holder.server)}/`
      expect(await faultOf({ url, guard: 'public' })).toBe('address_refused')
      expect([seen, looked]).toEqual([[], []])
    })

    test.each([
      ['loopback.test', ['127.0.0.1']],
      ['mixed.test', ['93.184.216.34', '127.0.0.1']],
      ['mapped.test', ['::ffff:127.0.0.1']],
      ['metadata.test', ['169.254.169.254']],
    ])('a name that leads to a private address is refused: %s', async (name, addresses) => {
      names.set(name, addresses)
      expect(await faultOf({ url: `http://${name}:${portOf(holder.server)}/`, guard: 'public' })).toBe(
        'address_refused',
      )
      expect(seen).toEqual([])
    })

    it('the name is judged where the connection takes its address: no second lookup can differ', async () => {
      names.set('rebind.test', ['127.0.0.1'])
      looked.length = 0
      expect(await faultOf({ url: `http://rebind.test:${portOf(holder.server)}/`, guard: 'public' })).toBe(
        'address_refused',
      )
      expect(looked).toEqual(['rebind.test'])
    })

    it('a name without an address is a failure of the network', async () => {
      expect(await faultOf({ url: 'http://nowhere.test/', guard: 'public' })).toBe('network')
    })

    it('development may allow them', async () => {
      expect(await faultOf({ url: base(), guard: 'public', allowPrivate: true })).toBe(200)
    })

    it('public ones are public', () => {
      for (const address of ['93.184.216.34', '8.8.8.8', '2606:2800:220:1::1', '::ffff:8.8.8.8', '100.128.0.1'])
        expect(isPublicAddress(address)).toBe(true)
      const strange = [
        '168.63.129.16',
        '4000::1',
        '::1.2.3.4',
        'fd00::1',
        '::ffff:10.0.0.1',
        '::ffff:a9fe:a9fe',
        'fec0::1',
      ]
      for (const address of ['', 'x', '1.2.3', 'fe80::1%eth0', ...strange]) expect(isPublicAddress(address)).toBe(false)
    })
  })

  describe('redirects', () => {
    it('are an answer like any other unless they are asked for', async () => {
      answers.push(say(302, '', { location: `${base()}/next` }))
      expect(await request({ url: base() })).toMatchObject({ status: 302 })
      expect(seen).toHaveLength(1)
    })

    it('tell another origin nothing that was meant for the first', async () => {
      const next = `http://127.0.0.1:${portOf(holder.other)}/next`
      answers.push(say(307, '', { location: next }))
      const headers = { authorization: 'secret', 'x-key': 'secret', accept: 'text/plain' }
      expect(await request({ method: 'POST', url: base(), headers, body: 'b', redirects: 2 })).toMatchObject({
        status: 200,
      })
      expect(seen[1]).toMatchObject({ method: 'POST', body: 'b', headers: { accept: 'text/plain' } })
      expect(JSON.stringify(seen[1]?.headers)).not.toContain('secret')
      answers.push(say(303, '', { location: '/again' }))
      await request({ method: 'POST', url: base(), headers, body: 'b', redirects: 2 })
      expect(seen.at(-1)).toMatchObject({ method: 'GET', url: '/again', body: '', headers: { 'x-key': 'secret' } })
    })

    it('end', async () => {
      answers.push(...Array.from({ length: 5 }, () => say(302, '', { location: base() })))
      expect(await faultOf({ url: base(), redirects: 3 })).toBe('too_many_redirects')
      expect(seen).toHaveLength(4)
    })

    it('are judged like the first address', async () => {
      // What the first answer would be: a public host that sends the caller to loopback.
      const { follow } = await import('./outbound/follow')
      const call = {
        method: 'GET' as const,
        headers: {},
        timeoutMs: 1_000,
        maxBytes: 100,
        cutsBody: false,
        redirects: 3,
        guard: 'public' as const,
      }
      const first = { status: 302, headers: { location: `${base()}/` }, text: '', json: () => null }
      const exchange = async () => first
      const url = new URL('http://public.test/')
      await expect(follow({ ...call, body: null, signal: undefined }, url, 3, exchange)).rejects.toMatchObject({
        fault: 'address_refused',
      })
      expect(seen).toEqual([])
    })
  })
})
