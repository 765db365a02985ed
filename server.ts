import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import next from 'next'

// Only Next and node: the product hands itself over from instrumentation.ts, so one compiler builds everything.
type Lane = {
  answers(url: string, method: string): boolean
  handle(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
}

type Handover = {
  lane: Lane
  drain: () => Promise<void>
  stop: () => Promise<void>
  shutdownMs: number
  isFast: boolean
  log: (message: string, fields: object) => void
}

export type ServerOptions = { port: number; host: string; dev?: boolean; dir?: string }
export type RunningServer = { url: string; port: number; stop: () => Promise<void> }

const READY = Symbol.for('clasper.ready')
const FAILED = Symbol.for('clasper.failed')

type Hooks = { [READY]?: (handover: Handover) => void; [FAILED]?: (error: unknown) => void }

const awaitHandover = (): Promise<Handover> =>
  new Promise((resolve, reject) => {
    const hooks = globalThis as Hooks
    hooks[READY] = resolve
    hooks[FAILED] = reject
  })

const stamp = (request: IncomingMessage): void => {
  request.headers['x-clasper-peer'] = request.socket.remoteAddress ?? 'unknown'
}

const closeAll = (server: http.Server, grace: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), grace)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })

export const startServer = async ({
  port,
  host,
  dev = false,
  dir = process.cwd(),
}: ServerOptions): Promise<RunningServer> => {
  process.env['NEXT_MANUAL_SIG_HANDLE'] = '1'
  const handover = awaitHandover()
  handover.catch(() => undefined)
  const server = http.createServer({ maxHeaderSize: 32_768, requestTimeout: 120_000 })
  const app = next({ dev, hostname: host, port, dir, httpServer: server })
  await app.prepare()
  const { lane, drain, stop: letGo, shutdownMs, isFast, log } = await handover
  const fallback = app.getRequestHandler()
  server.on('request', (request, response) => {
    stamp(request)
    if (!dev && isFast && lane.answers(request.url ?? '/', request.method ?? 'GET')) lane.handle(request, response)
    else void fallback(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    stamp(request)
    if (!lane.upgrade(request, socket, head) && !dev) socket.destroy()
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  const bound = (server.address() as AddressInfo).port
  let stopping: Promise<void> | null = null
  const stop = () => {
    stopping ??= (async () => {
      const closed = closeAll(server, shutdownMs - 500)
      await drain()
      await closed
      await app.close()
      await letGo()
    })()
    return stopping
  }
  const leave = (signal: string) => {
    log('stopping', { signal })
    setTimeout(() => process.exit(1), shutdownMs).unref()
    void stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGTERM', () => leave('SIGTERM'))
  process.once('SIGINT', () => leave('SIGINT'))
  return { url: `http://${host}:${bound}`, port: bound, stop }
}
