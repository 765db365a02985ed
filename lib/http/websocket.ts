import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { identify, openScope } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { contract, ops } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { accessOf, followFrom, watchAccess } from './live'
import { asProblem, problemReply, statusOf } from './problem-reply'
import { queryOf } from './read-request'
import { newVisit } from './visit'

const PATH = '/ops/api/events/ws'
const HEARTBEAT_MS = 15_000
const MOST_BUFFERED = 1_048_576
const MOST_INBOUND = 16_384
const LEAVE_MS = 1_000

const GOING_AWAY = 1001
const SIGNED_OUT = 4401
const NO_LONGER_ALLOWED = 4403
const TOO_SLOW = 4408

// Reached by upgrade only, so it is no route; its guard and tenant are those of the stream beside it.
const liveDoor = contract({
  method: 'GET',
  path: PATH,
  summary: 'Live events of the tenant (WebSocket)',
  guard: ops('dashboard:view'),
})

const Said = z.union([
  z.object({ type: z.literal('ping') }),
  z.object({ type: z.literal('subscribe'), topics: z.array(z.string().regex(/^[a-z][a-z.]{0,79}$/)).max(50) }),
])

const server = () =>
  kernel().slot('http.websocket', () => {
    const made = new WebSocketServer({ noServer: true, maxPayload: MOST_INBOUND, perMessageDeflate: false })
    // A socket is not a request that a closing server waits for, so it is told and then dropped.
    kernel().onStop('intake', async () => {
      for (const socket of made.clients) socket.close(GOING_AWAY, 'The server is shutting down')
      const deadline = setTimeout(() => {
        for (const socket of made.clients) socket.terminate()
      }, LEAVE_MS)
      deadline.unref()
    })
    return made
  })

const headersOf = (request: IncomingMessage): Headers => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers))
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) headers.append(name, item)
  return headers
}

// A page of a foreign site can open a socket with the visitor's cookies and read what comes. As a POST the same
// check as for a change applies: it must come from the console, or without any cookie.
const asRequest = (request: IncomingMessage): Request =>
  new Request(`http://${request.headers.host ?? 'localhost'}${request.url ?? PATH}`, {
    method: 'POST',
    headers: headersOf(request),
  })

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'null')

const requireOwnOrigin = (request: Request): void => {
  const { NEXTAUTH_URL, CLASPER_PORT } = kernel().env
  const own = originOf(NEXTAUTH_URL === '' ? `http://localhost:${CLASPER_PORT}` : NEXTAUTH_URL)
  const origin = request.headers.get('origin')
  if (origin !== null && origin !== own) throw new Problem('cross_site_refused')
}

type Entered = { scope: Scope; mayStay: () => Promise<void>; after: string | null }

const enter = async (request: Request): Promise<Entered> => {
  if (kernel().isStopping) throw new Problem('shutting_down')
  requireOwnOrigin(request)
  const visit = newVisit(request)
  const identity = await identify(request, liveDoor.guard, visit)
  if (!identity) throw new Problem('missing_token')
  const query = queryOf(request.url)
  const after = query['last_event_id']
  const scope = await openScope(identity, { contract: liveDoor, request, visit, input: { query } })
  return { scope, mayStay: accessOf(scope, liveDoor, request), after: typeof after === 'string' ? after : null }
}

const refuse = async (socket: Duplex, request: Request, error: unknown): Promise<void> => {
  const problem = asProblem(error)
  const visit = newVisit(request)
  const status = statusOf(problem)
  if (status >= 500) visit.log.error('live socket failed', { error: problem.cause ?? problem })
  else visit.log.warn('live socket refused', { code: problem.code })
  const reply = problemReply(problem, visit)
  const body = await reply.text()
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${visit.requestId}`,
    'cache-control: no-store',
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const said = (data: unknown): z.output<typeof Said> | null => {
  try {
    return Said.parse(JSON.parse(String(data)))
  } catch {
    return null
  }
}

// Whoever does not read is let go: nothing piles up for him here.
const sender = (socket: WebSocket) => (message: object) => {
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount > MOST_BUFFERED) return socket.close(TOO_SLOW, 'The listener is too slow')
  socket.send(JSON.stringify(message))
}

const listenTo = (socket: WebSocket, send: (message: object) => void, choose: (topics: Set<string>) => void): void => {
  socket.on('message', (data) => {
    const message = said(data)
    if (message?.type === 'ping') send({ type: 'pong' })
    if (message?.type !== 'subscribe') return
    choose(new Set(message.topics))
    send({ type: 'subscribed', topics: message.topics })
  })
}

const heartbeat = (socket: WebSocket): (() => void) => {
  let isAlive = true
  socket.on('pong', () => {
    isAlive = true
  })
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, HEARTBEAT_MS)
  return () => clearInterval(timer)
}

// The reason is the code that the stream beside it would tell.
const endFor = (socket: WebSocket) => (error: unknown) => {
  const problem = asProblem(error)
  socket.close(statusOf(problem) === 401 ? SIGNED_OUT : NO_LONGER_ALLOWED, problem.code)
}

const serve = async (socket: WebSocket, { scope, mayStay, after }: Entered): Promise<void> => {
  const { liveStreams } = kernel().metrics
  liveStreams.inc({ transport: 'websocket' })
  const send = sender(socket)
  let topics: Set<string> | null = null
  const listening = followFrom(scope, after, (news) => {
    if (topics === null || topics.has(news.topic)) send(news)
  })
  const offs = [
    listening.off,
    watchAccess(mayStay, endFor(socket)),
    heartbeat(socket),
    () => liveStreams.dec({ transport: 'websocket' }),
  ]
  socket.on('close', () => {
    for (const off of offs.splice(0)) off()
  })
  socket.on('error', () => socket.terminate())
  listenTo(socket, send, (chosen) => {
    topics = chosen
  })
  await listening.start()
}

const upgrade = async (incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
  const request = asRequest(incoming)
  const drop = () => socket.destroy()
  socket.on('error', drop)
  try {
    const entered = await enter(request)
    socket.off('error', drop)
    server().handleUpgrade(incoming, socket, head, (opened) => {
      serve(opened, entered).catch((error: unknown) => {
        entered.scope.log.error('live socket failed', { error })
        opened.terminate()
      })
    })
  } catch (error) {
    await refuse(socket, request, error)
  }
}

// True when the socket was taken, whatever became of it.
export const upgradeLive = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
  const path = (request.url ?? '').split(/[?#]/)[0]
  if (path !== PATH) return false
  upgrade(request, socket, head).catch(() => socket.destroy())
  return true
}
