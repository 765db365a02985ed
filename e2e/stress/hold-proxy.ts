import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Seen = { path: string; method: string; body: string }

export type HoldProxy = {
  url: string
  seen(): readonly Seen[]
  // The next call of this path is not answered: before it is passed on, or once it has been done.
  hold(path: RegExp, when: 'before' | 'after'): Promise<void>
  close(): Promise<void>
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const forwarded = (target: string, { path, method, body }: Seen, headers: IncomingMessage['headers']) =>
  fetch(`${target}${path}`, {
    method,
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        typeof value === 'string' && !/^(host|connection|content-length|transfer-encoding)$/.test(name)
          ? [[name, value]]
          : [],
      ),
    ),
    ...(method === 'GET' ? {} : { body }),
  })

/** Stands before a backend and can leave a caller without its answer, so that it can be killed at that very moment. */
export const startHoldProxy = async (target: string): Promise<HoldProxy> => {
  const calls: Seen[] = []
  const state: { wish: { path: RegExp; when: 'before' | 'after'; met(): void } | null } = { wish: null }
  const server = createServer(async (request, response) => {
    const seen = { path: request.url ?? '', method: request.method ?? '', body: await bodyOf(request) }
    calls.push(seen)
    const wish = state.wish?.path.test(seen.path) ? state.wish : null
    if (wish) state.wish = null
    if (wish?.when === 'before') return wish.met()
    const reply = await forwarded(target, seen, request.headers)
    const text = await reply.text()
    if (wish) return wish.met()
    response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'application/json' })
    response.end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: () => calls,
    hold: (path, when) => new Promise<void>((met) => (state.wish = { path, when, met })),
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
