import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { contract, ops } from './contract'
import { callStream } from './stream-client'

const talk = contract({
  method: 'POST',
  path: '/talk',
  summary: 'Talk',
  guard: ops(null),
  body: z.object({ message: z.string() }),
  stream: {
    chunk: z.object({ type: z.literal('chunk'), data: z.string() }),
    error: z.object({ type: z.literal('error'), error: z.string(), code: z.string(), trace_id: z.string() }),
  },
})

let server: Server
let answer: (response: ServerResponse) => void = () => undefined
let sent: { accept?: string | undefined; body: string } = { body: '' }
let left: Promise<void>

const event = (name: string, data: object) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
const chunk = (data: string) => event('chunk', { type: 'chunk', data })

const heard = async (signal?: AbortSignal) => {
  const events: unknown[] = []
  const input = { body: { message: 'hi' }, ...(signal ? { signal } : {}) }
  for await (const one of callStream(talk, input)) events.push(one)
  return events
}

describe('a streamed call', () => {
  beforeEach(async () => {
    server = createServer(async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      sent = { accept: request.headers.accept, body: Buffer.concat(parts).toString() }
      left = new Promise((resolve) => response.once('close', resolve))
      answer(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { fetch } = globalThis
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => fetch(`${origin}${path}`, init))
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    server.closeAllConnections()
    server.close()
  })

  const says = (...parts: string[]) => {
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'r1' })
      for (const part of parts) response.write(part)
      response.end()
    }
  }

  it('hands out checked events, and skips comments and what it does not know', async () => {
    says(': open\n\n', chunk('Hel'), event('novelty', {}), ': ping\n\n', chunk('lo'))
    expect(await heard()).toEqual([
      { type: 'chunk', data: 'Hel' },
      { type: 'chunk', data: 'lo' },
    ])
    expect(sent).toEqual({ accept: 'text/event-stream', body: '{"message":"hi"}' })
  })

  it('a failure of the run is an event, a failure of the stream an error', async () => {
    says(event('error', { type: 'error', error: 'No', code: 'timeout', trace_id: 't' }))
    expect(await heard()).toEqual([{ type: 'error', error: 'No', code: 'timeout', trace_id: 't' }])
    says(event('error', { error: 'Leaving', code: 'shutting_down', request_id: 'r2' }))
    await expect(heard()).rejects.toMatchObject({ code: 'shutting_down', message: 'Leaving', requestId: 'r2' })
    says('event: chunk\ndata: {"type":\n\n')
    await expect(heard()).rejects.toMatchObject({ code: 'unexpected_reply', requestId: 'r1' })
  })

  it('a refusal before the first event is a refusal', async () => {
    answer = (response) => {
      const body = { error: 'Spent', code: 'budget_exhausted', request_id: 'r3' }
      response.writeHead(402, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    await expect(heard()).rejects.toMatchObject({ status: 402, code: 'budget_exhausted', requestId: 'r3' })
  })

  it('a cut connection says so', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(chunk('a'), () => response.socket?.destroy())
    }
    await expect(heard()).rejects.toMatchObject({ code: 'network' })
  })

  it('whoever stops is gone: the server sees it', async () => {
    const control = new AbortController()
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(chunk('a'), () => control.abort())
    }
    await expect(heard(control.signal)).rejects.toMatchObject({ name: 'AbortError' })
    await left
  })
})
