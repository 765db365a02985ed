import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { ErrorCode, McpError, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import type { z } from 'zod'
import { isOutboundError } from '@/lib/core/http-client'
import { kernel } from '@/lib/core/kernel'
import { hideSecrets } from '@/lib/core/secret-mask'
import type { McpServer } from './declaration'
import { isMcpFault, McpFault } from './fault'
import { httpLine } from './http-line'
import { plainText } from './plain-text'
import { fillSecrets } from './secrets'
import { stdioLine } from './stdio-line'
import type { Line } from './transport'

const CONNECT_MS = 15_000
const ALIVE_MS = 2_000
const MOST_WORDS = 500
const MOST_INSTRUCTIONS = 2_000

type Ask = { timeoutMs: number; signal?: AbortSignal }

// One open connection. A question that gets no answer in time costs it its life, unless it still answers to a ping.
export type Link = {
  id: number
  isOpen(): boolean
  inFlight(): number
  about: { name: string; version: string; instructions: string }
  ask<T extends z.ZodType>(method: string, params: object, shape: T, how: Ask): Promise<z.output<T>>
  close(): Promise<void>
}

type Events = { onEnded(why: string): void; onToolsChanged(): void }

// Schemas of servers are judged by our own validator when they matter, and never compiled to code.
const unjudged = { getValidator: () => (data: unknown) => ({ valid: true, data, errorMessage: undefined }) as never }

const lineTo = (server: McpServer, values: Record<string, string>): Line =>
  server.transport === 'stdio'
    ? stdioLine({ command: server.command, args: server.args, env: values })
    : httpLine(server.url, values)

const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code >= 100 && error.code < 600
    ? error.code
    : null

const OURS: Readonly<Record<number, string>> = {
  [ErrorCode.RequestTimeout]: 'it did not answer in time',
  [ErrorCode.ConnectionClosed]: 'the connection ended before it answered',
}

// What went wrong, in words of ours where we know it, and in words of the server without anything hidden in them.
const wordsOf = (error: unknown): string => {
  if (isMcpFault(error)) return error.message
  if (isOutboundError(error)) return error.message
  if (error instanceof McpError)
    return OURS[error.code] ?? `it refused: ${plainText(error.message.replace(/^MCP error -?\d+: /, ''), MOST_WORDS)}`
  const status = statusOf(error)
  if (status !== null) return `it answered with status ${status}`
  return error instanceof Error ? plainText(error.message, MOST_WORDS) : 'it failed'
}

const isLate = (error: unknown): boolean => error instanceof McpError && error.code === ErrorCode.RequestTimeout

export const openLink = async (server: McpServer, events: Events): Promise<Link> => {
  const { values, secrets } = fillSecrets(server)
  const line = lineTo(server, values)
  const client = new Client({ name: 'clasper', version: '1.0.0' }, { capabilities: {}, jsonSchemaValidator: unjudged })
  const state = { isOpen: true, isLeaving: true, inFlight: 0 }
  const hidden = (text: string): string => String(hideSecrets(text, secrets))
  const faultOf = (error: unknown): McpFault => {
    const said = line.said().trim()
    const words = line.whyEnded() ?? wordsOf(error)
    return new McpFault(hidden(said === '' ? words : `${words} (it wrote: ${plainText(said.slice(-300), 300)})`))
  }
  const close = async (): Promise<void> => {
    state.isLeaving = true
    state.isOpen = false
    await client.close().catch(() => undefined)
  }
  client.onclose = () => {
    if (!state.isOpen) return
    state.isOpen = false
    if (!state.isLeaving) events.onEnded(faultOf(new McpFault('the connection ended')).message)
  }
  client.onerror = () => undefined
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => events.onToolsChanged())

  const stillThere = async (): Promise<void> => {
    if (!state.isOpen) return
    try {
      await client.ping({ timeout: ALIVE_MS })
    } catch {
      if (!state.isOpen) return
      events.onEnded(hidden('it stopped answering'))
      await close()
    }
  }

  try {
    await client.connect(line.transport, { timeout: CONNECT_MS, maxTotalTimeout: CONNECT_MS })
  } catch (error) {
    const fault = faultOf(error)
    await client.close().catch(() => undefined)
    await line.transport.close().catch(() => undefined)
    throw fault
  }
  state.isLeaving = !state.isOpen
  const { name = '', version = '' } = client.getServerVersion() ?? {}
  const ids = kernel().slot('mcp.links', () => ({ last: 0 }))
  ids.last += 1
  return {
    id: ids.last,
    isOpen: () => state.isOpen,
    inFlight: () => state.inFlight,
    about: {
      name: hidden(plainText(name, 100)),
      version: hidden(plainText(version, 50)),
      instructions: hidden(plainText(client.getInstructions(), MOST_INSTRUCTIONS)),
    },
    ask: async (method, params, shape, { timeoutMs, signal }) => {
      state.inFlight += 1
      line.asked()
      try {
        const limits = { timeout: timeoutMs, maxTotalTimeout: timeoutMs, ...(signal ? { signal } : {}) }
        return await client.request({ method, params } as never, shape, limits)
      } catch (error) {
        if (isLate(error) || signal?.aborted) void stillThere()
        throw faultOf(error)
      } finally {
        state.inFlight -= 1
      }
    },
    close,
  }
}
