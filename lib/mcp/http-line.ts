import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { kernel } from '@/lib/core/kernel'
import { guardedFetch } from '@/lib/core/outbound/guarded-fetch'
import { type Line, MOST_BYTES_A_QUESTION } from './transport'

const RECONNECT = {
  initialReconnectionDelay: 500,
  maxReconnectionDelay: 5_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 2,
}
const GOODBYE_MS = 1_000

const noStream = (): Response => new Response(null, { status: 405 })

/** Streamable HTTP. Every address, also that of a redirect, passes the filter; redirects stay within the origin. */
export const httpLine = (url: string, headers: Readonly<Record<string, string>>): Line => {
  const state: { why: string | null } = { why: null }
  const isOpen = kernel().env.CLASPER_TOOL_ALLOW_PRIVATE
  const fetched = guardedFetch({
    guard: isOpen ? 'operator' : 'public',
    maxBytes: MOST_BYTES_A_QUESTION,
    onTooLarge: () => {
      state.why = 'it sent more than it may'
      void transport.close()
    },
  })
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { ...headers } },
    reconnectionOptions: RECONNECT,
    // News that nobody asked for are not listened to; an answer that was cut off may be taken up again.
    fetch: async (address, init) =>
      (init?.method ?? 'GET') === 'GET' && !new Headers(init?.headers).has('last-event-id')
        ? noStream()
        : fetched(address, init),
  })
  const close = transport.close.bind(transport)
  const leave = async (): Promise<void> => {
    const goodbye = transport.sessionId === undefined ? Promise.resolve() : transport.terminateSession()
    const late = new Promise<void>((resolve) => setTimeout(resolve, GOODBYE_MS).unref())
    await Promise.race([goodbye.catch(() => undefined), late])
    await close()
  }
  transport.close = () => (state.why === null ? leave() : close())
  return { transport, asked: () => undefined, said: () => '', whyEnded: () => state.why }
}
