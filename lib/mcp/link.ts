import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import type { z } from 'zod'
import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { hideSecrets } from '@/lib/core/secret-mask'
import manifest from '@/package.json'
import type { McpServer } from './declaration'
import { McpFault } from './fault'
import { httpLine } from './http-line'
import { fillSecrets } from './secrets'
import { stdioLine } from './stdio-line'
import type { Line } from './transport'
import { isOfTheLine, wordsIn, wordsOf } from './words'

const CONNECT_MS = 15_000
const ALIVE_MS = 2_000
const MOST_SAID = 500
const MOST_INSTRUCTIONS = 2_000
// Servers may ask as well; nobody makes us answer without an end.
const MOST_REPLIES_A_MINUTE = 200
const MINUTE = 60_000

type About = { name: string; version: string; instructions: string }
type Ask = { timeoutMs: number; signal?: AbortSignal }

// One open connection. A question that gets no answer in time costs it its life, unless it still answers to a ping.
export type Link = {
  id: number
  isOpen(): boolean
  inFlight(): number
  about: About
  ask<T extends z.ZodType>(method: string, params: object, shape: T, how: Ask): Promise<z.output<T>>
  close(): Promise<void>
}

export type LinkEvents = { onEnded(fault: McpFault): void; onToolsChanged(): void; signal: AbortSignal }

type Wire = {
  client: Client
  line: Line
  events: LinkEvents
  // `isWatched`: from the first greeting until we leave, its end is news.
  state: { isOpen: boolean; isWatched: boolean; inFlight: number }
  hidden(text: string): string
  faultOf(error: unknown): McpFault
}

// Schemas of servers are judged by our own validator when they matter, and never compiled to code.
const unjudged = { getValidator: () => (data: unknown) => ({ valid: true, data, errorMessage: undefined }) as never }

const lineTo = (server: McpServer, values: Record<string, string>): Line =>
  server.transport === 'stdio'
    ? stdioLine({ command: server.command, args: server.args, env: values })
    : httpLine(server.url, values)

const countReplies = ({ transport, end }: Line): void => {
  const send = transport.send.bind(transport)
  const minute = { from: monotonicMs(), replies: 0 }
  transport.send = async (message, options) => {
    if ('method' in message) return send(message, options)
    if (monotonicMs() - minute.from > MINUTE) Object.assign(minute, { from: monotonicMs(), replies: 0 })
    minute.replies += 1
    return minute.replies > MOST_REPLIES_A_MINUTE ? end('it asked more than it may') : send(message, options)
  }
}

const wireTo = (server: McpServer, events: LinkEvents): Wire => {
  const { values, secrets } = fillSecrets(server)
  const line = lineTo(server, values)
  const hidden = (text: string): string => String(hideSecrets(text, secrets))
  const info = { name: 'clasper', version: manifest.version }
  const state = { isOpen: true, isWatched: false, inFlight: 0 }
  countReplies(line)
  return {
    client: new Client(info, { capabilities: {}, jsonSchemaValidator: unjudged }),
    line,
    events,
    state,
    hidden,
    faultOf: (error) =>
      new McpFault(
        line.whyEnded() ?? wordsOf(error, state.isOpen, hidden),
        wordsIn(line.said().trim(), MOST_SAID, hidden),
        line.isForgotten(error),
      ),
  }
}

const watch = ({ client, state, events, faultOf }: Wire): void => {
  client.onclose = () => {
    const isNews = state.isOpen && state.isWatched
    state.isOpen = false
    if (isNews) events.onEnded(faultOf(new McpFault('the connection ended')))
  }
  client.onerror = () => undefined
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => events.onToolsChanged())
}

const leave = async ({ client, line, state }: Wire): Promise<void> => {
  state.isWatched = false
  state.isOpen = false
  await client.close().catch(() => undefined)
  await line.transport.close().catch(() => undefined)
}

const stillThere = async (wire: Wire): Promise<void> => {
  const { client, state, events, faultOf } = wire
  if (!state.isOpen) return
  try {
    await client.ping({ timeout: ALIVE_MS })
  } catch {
    if (!state.isOpen) return
    events.onEnded(faultOf(new McpFault('it stopped answering')))
    await leave(wire)
  }
}

// No failure: whoever asked greets it anew at once.
const forget = ({ line, state }: Wire, { message }: McpFault): void => {
  state.isWatched = false
  line.end(message)
}

const asker =
  (wire: Wire): Link['ask'] =>
  async (method, params, shape, { timeoutMs, signal }) => {
    const { client, line, state, faultOf } = wire
    state.inFlight += 1
    line.asked()
    try {
      const limits = { timeout: timeoutMs, maxTotalTimeout: timeoutMs, ...(signal ? { signal } : {}) }
      return await client.request({ method, params } as never, shape, limits)
    } catch (error) {
      const fault = faultOf(error)
      if (fault.isForgotten) forget(wire, fault)
      else if (isOfTheLine(error) || signal?.aborted) void stillThere(wire)
      throw fault
    } finally {
      state.inFlight -= 1
    }
  }

const aboutOf = ({ client, hidden }: Wire): About => {
  const { name = '', version = '' } = client.getServerVersion() ?? {}
  return {
    name: wordsIn(name, 100, hidden),
    version: wordsIn(version, 50, hidden),
    instructions: wordsIn(client.getInstructions(), MOST_INSTRUCTIONS, hidden),
  }
}

const nextId = (): number => {
  const ids = kernel().slot('mcp.links', () => ({ last: 0 }))
  ids.last += 1
  return ids.last
}

// Whoever asks with a signal stays on its list; that of the whole server outlives every connection.
const shortSignal = (signal: AbortSignal) => {
  const own = new AbortController()
  const end = () => own.abort()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  return { signal: own.signal, release: () => signal.removeEventListener('abort', end) }
}

/** Connects, greets and watches. It fails with an McpFault and leaves nothing behind. */
export const openLink = async (server: McpServer, events: LinkEvents): Promise<Link> => {
  const wire = wireTo(server, events)
  const { client, line, state, faultOf } = wire
  watch(wire)
  const { signal, release } = shortSignal(events.signal)
  try {
    const limits = { timeout: CONNECT_MS, maxTotalTimeout: CONNECT_MS, signal }
    await client.connect(line.transport, limits)
  } catch (error) {
    const fault = faultOf(error)
    await leave(wire)
    throw fault
  } finally {
    release()
  }
  state.isWatched = true
  return {
    id: nextId(),
    isOpen: () => state.isOpen,
    inFlight: () => state.inFlight,
    about: aboutOf(wire),
    ask: asker(wire),
    close: () => leave(wire),
  }
}
