import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { matcherOf } from '@/lib/http/match'

type Handler = (request: Request, context: { params: Record<string, string> }) => Promise<Response>
type Module = Readonly<Record<string, unknown>>

export type ConsoleServer = { url: string; close(): Promise<void> }

// The route files over plain HTTP, without Next: enough for everything that is not a page.
export const startConsole = async (routes: Readonly<Record<string, Module>>): Promise<ConsoleServer> => {
  const match = matcherOf(Object.entries(routes).map(([path, target]) => ({ path, target })))
  const answer = async (request: Request): Promise<Response> => {
    const found = match(new URL(request.url).pathname)
    const handler = found && found !== 'malformed' ? found.target[request.method] : undefined
    if (!found || found === 'malformed' || typeof handler !== 'function') return new Response('a page', { status: 404 })
    return (handler as Handler)(request, { params: found.params as Record<string, string> })
  }
  const listener = getRequestListener(answer, { overrideGlobalObjects: false })
  const server = createServer((request, response) => {
    request.headers['x-clasper-peer'] = request.socket.remoteAddress ?? 'unknown'
    request.rawHeaders.push('x-clasper-peer', request.socket.remoteAddress ?? 'unknown')
    void listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
