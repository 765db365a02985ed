import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { kernel } from '@/lib/core/kernel'
import { Problem, type ProblemCode } from '@/lib/shared/problem'
import { matcherOf } from './match'
import { problemReply } from './problem-reply'
import type { Route } from './route'
import { newVisit } from './visit'

export type RouteModule = Readonly<Record<string, unknown>>
export type RouteTable = {
  routes: readonly { path: string; module: RouteModule }[]
  pages: readonly string[]
  files: readonly string[]
}

// What server.ts sees of the product: it decides who answers, and never imports product code.
export type Lane = {
  answers(path: string, method: string): boolean
  handle(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const routeOf = (module: RouteModule, method: string): Route | null => {
  const found = module[method === 'HEAD' ? 'GET' : method]
  return typeof found === 'function' && 'contract' in found ? (found as Route) : null
}

const allowed = (module: RouteModule): string => {
  const methods = METHODS.filter((method) => routeOf(module, method))
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}

const refused = (
  request: Request,
  code: ProblemCode,
  headers: Record<string, string> = {},
  text?: string,
): Response => {
  const visit = newVisit(request)
  const reply = problemReply(new Problem(code, text, undefined, { headers }), visit)
  reply.headers.set('x-request-id', visit.requestId)
  reply.headers.set('x-trace-id', visit.traceId)
  reply.headers.set('cache-control', 'no-store')
  return reply
}

const headOf = (reply: Response): Response => {
  void reply.body?.cancel()
  return new Response(null, { status: reply.status, headers: reply.headers })
}

// Without this word the listener waits a timer for more events before it lets the first ones go.
const atOnce = (reply: Response, httpVersion: string): Response => {
  const isEvents = reply.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  if (isEvents && reply.body && httpVersion === '1.1') reply.headers.set('transfer-encoding', 'chunked')
  return reply
}

const pathOf = (url: string): string => {
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean

// A process without the role `web` is watched, and asked for nothing else.
const WATCHED = new Set(['/health', '/livez', '/readyz', '/metrics', '/api/version'])

const BACKGROUND = 'This instance works in the background; ask one that has the role web.'

export const createLane = (table: RouteTable, upgrade: UpgradeHandler): Lane => {
  const match = matcherOf(table.routes.map(({ path, module }) => ({ path, target: module })))
  const page = matcherOf(table.pages.map((path) => ({ path, target: true })))
  const files = new Set(table.files)
  const isWeb = kernel().env.CLASPER_ROLES.includes('web')
  const open = new Set<Promise<unknown>>()

  const belongsToNext = (path: string, method: string): boolean => {
    if (path.startsWith('/_next/') || path.startsWith('/api/auth/') || files.has(path)) return true
    if (match(path) !== null) return false
    if (page(path) !== null) return true
    return path.startsWith('/ops/') && !path.startsWith('/ops/api/') && (method === 'GET' || method === 'HEAD')
  }

  const respond = async (request: Request): Promise<Response> => {
    if (kernel().isStopping) return refused(request, 'shutting_down', { connection: 'close', 'retry-after': '5' })
    const { pathname } = new URL(request.url)
    if (!isWeb && !WATCHED.has(pathname)) return refused(request, 'not_configured', {}, BACKGROUND)
    const found = match(pathname)
    if (found === 'malformed') return refused(request, 'invalid_request', {}, 'The URL is not well formed')
    if (!found) return refused(request, 'not_found')
    const method = request.method
    if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow: allowed(found.target) } })
    const route = routeOf(found.target, method)
    if (!route) return refused(request, 'method_not_allowed', { allow: allowed(found.target) })
    const reply = await route(request, { params: found.params as Record<string, string> })
    return method === 'HEAD' ? headOf(reply) : reply
  }

  const tracked = (request: Request, httpVersion: string): Promise<Response> => {
    const running = respond(request).then((reply) => atOnce(reply, httpVersion))
    open.add(running)
    const forget = () => void open.delete(running)
    running.then(forget, forget)
    return running
  }

  kernel().onStop('work', async () => {
    while (open.size > 0) await Promise.allSettled(open)
  })
  const listener = getRequestListener((request, { incoming }) => tracked(request, incoming.httpVersion), {
    overrideGlobalObjects: false,
  })

  return {
    answers: (url, method) => !isWeb || !belongsToNext(pathOf(url), method),
    handle: (request, response) => void listener(request, response),
    upgrade: (request, socket, head) => isWeb && upgrade(request, socket, head),
  }
}
