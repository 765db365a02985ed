import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import { guardedFetch } from '@/lib/core/outbound/guarded-fetch'
import { type Line, MOST_BYTES_A_QUESTION } from './transport'
import { statusOf } from './words'

const RECONNECT = {
  initialReconnectionDelay: 500,
  maxReconnectionDelay: 5_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 2,
}
const GOODBYE_MS = 1_000
// For what is sent without an answer to wait for.
const NOTICE_MS = 10_000
const MOST_RESUMED = 10
const MOST_OPEN = 256
const FORGOTTEN = 404

type Fetch = (address: string | URL, init?: RequestInit) => Promise<Response>
type Rpc = { id?: string | number; method?: string; params?: { requestId?: string | number } }

const noStream = (): Response => new Response(null, { status: 405 })

const rpcIn = (body: unknown): Rpc => {
  const sent: unknown = typeof body === 'string' ? JSON.parse(body) : {}
  return typeof sent === 'object' && sent !== null ? sent : {}
}

type State = { why: string | null; resumed: number }

// Each question has its own end: whoever no longer waits for the answer lets go of the connection too.
const questions = (fetched: Fetch) => {
  const open = new LRUCache<string | number, AbortController>({ max: MOST_OPEN, dispose: (leave) => leave.abort() })
  const post = (address: string | URL, init: RequestInit): Promise<Response> => {
    const { id, method, params } = rpcIn(init.body)
    const gone = method === 'notifications/cancelled' ? params?.requestId : undefined
    if (gone !== undefined) open.delete(gone)
    if (id === undefined || method === undefined)
      return fetched(address, { ...init, signal: AbortSignal.timeout(NOTICE_MS) })
    const leave = new AbortController()
    open.set(id, leave)
    return fetched(address, { ...init, signal: leave.signal })
  }
  return { post, endAll: () => open.clear() }
}

// News that nobody asked for are not listened to; an answer that was cut off may be taken up again, a few times.
const wayFor = (fetched: Fetch, state: State) => {
  const { post, endAll } = questions(fetched)
  const get = async (address: string | URL, init: RequestInit): Promise<Response> => {
    if (!new Headers(init.headers).has('last-event-id') || state.resumed >= MOST_RESUMED) return noStream()
    state.resumed += 1
    return fetched(address, init)
  }
  const fetch: Fetch = async (address, init = {}) => {
    const { method = 'GET' } = init
    if (method === 'GET') return get(address, init)
    return method === 'POST' ? post(address, init) : fetched(address, init)
  }
  return { fetch, endAll }
}

/** Streamable HTTP. Every address, also that of a redirect, passes the filter; redirects stay within the origin. */
export const httpLine = (url: string, headers: Readonly<Record<string, string>>): Line => {
  const state: State = { why: null, resumed: 0 }
  const end = (why: string): void => {
    state.why ??= why
    void transport.close()
  }
  const fetched = guardedFetch({
    guard: kernel().env.CLASPER_TOOL_ALLOW_PRIVATE ? 'operator' : 'public',
    maxBytes: MOST_BYTES_A_QUESTION,
    onTooLarge: () => end('it sent more than it may'),
  })
  const { fetch, endAll } = wayFor(fetched, state)
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { ...headers } },
    reconnectionOptions: RECONNECT,
    fetch,
  })
  const hangUp = transport.close.bind(transport)
  const close = async (): Promise<void> => {
    await hangUp()
    endAll()
  }
  const leave = async (): Promise<void> => {
    const goodbye = transport.sessionId === undefined ? Promise.resolve() : transport.terminateSession()
    const late = new Promise<void>((resolve) => setTimeout(resolve, GOODBYE_MS).unref())
    await Promise.race([goodbye.catch(() => undefined), late])
    await close()
  }
  transport.close = () => (state.why === null ? leave() : close())
  return {
    transport,
    asked: () => {
      state.resumed = 0
    },
    end,
    isForgotten: (error) => transport.sessionId !== undefined && statusOf(error) === FORGOTTEN,
    said: () => '',
    whyEnded: () => state.why,
  }
}
