import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import { createLane, type RouteTable } from '@/lib/http/lane'
import { upgradeLive } from '@/lib/http/websocket'

export type LiveServer = { url: string; close(): Promise<void> }

/** The lane and the door for sockets behind a plain server, as server.ts puts them, without Next. */
export const startLiveServer = async (routes: RouteTable['routes']): Promise<LiveServer> => {
  const lane = createLane({ routes, pages: [], files: [] }, upgradeLive)
  const server = createServer((request, response) => lane.handle(request, response))
  server.on('upgrade', (request, socket, head) => {
    if (!lane.upgrade(request, socket, head)) socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

export type Heard = { event: string; id: string | null; data: Record<string, unknown> }

const frameOf = (text: string): Heard | null => {
  const fields = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
  const data = fields.get('data')
  if (data === undefined) return null
  return { event: fields.get('event') ?? '', id: fields.get('id') ?? null, data: JSON.parse(data) }
}

export type Listener = {
  status: number
  heard: readonly Heard[]
  until(holds: (heard: readonly Heard[]) => boolean, ms?: number): Promise<void>
  ended: Promise<void>
  close(): void
}

const DEADLINE_MS = 5_000

const waiter =
  (heard: readonly Heard[]) =>
  async (holds: (heard: readonly Heard[]) => boolean, ms = DEADLINE_MS) => {
    const deadline = performance.now() + ms
    while (!holds(heard)) {
      if (performance.now() > deadline) throw new Error(`Heard only ${JSON.stringify(heard)}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

export const listenToStream = async (url: string, headers: Record<string, string>): Promise<Listener> => {
  const stop = new AbortController()
  const reply = await fetch(url, { headers, signal: stop.signal })
  const heard: Heard[] = []
  const read = async () => {
    let rest = ''
    const decoder = new TextDecoder()
    for (const reader = reply.body?.getReader(); reader; ) {
      const { done, value } = await reader.read()
      if (done) return
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = parts.pop() ?? ''
      heard.push(...parts.map(frameOf).filter((frame) => frame !== null))
    }
  }
  const isStream = reply.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  const ended = isStream ? read().catch(() => undefined) : Promise.resolve()
  return { status: reply.status, heard, until: waiter(heard), ended, close: () => stop.abort() }
}

export type SocketListener = Omit<Listener, 'status' | 'ended'> & {
  // 101, or the status with which the upgrade was refused.
  status: number
  closed: Promise<{ code: number; reason: string }>
  send(message: string): void
  socket: WebSocket
}

export const listenToSocket = async (url: string, headers: Record<string, string>): Promise<SocketListener> => {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers })
  const heard: Heard[] = []
  socket.on('message', (text) => {
    const data = JSON.parse(String(text)) as Record<string, unknown>
    heard.push({ event: String(data['topic'] ?? data['type']), id: String(data['id'] ?? ''), data })
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  const status = await new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101))
    socket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0)
      request.destroy()
    })
    socket.on('error', () => undefined)
  })
  const send = (message: string) => socket.send(message)
  return { status, heard, until: waiter(heard), closed, send, close: () => socket.close(), socket }
}
