import { z } from 'zod'
import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { hideSecrets } from '@/lib/core/secret-mask'
import type { McpServer } from './declaration'
import { isMcpFault, McpFault } from './fault'
import type { Link } from './link'
import { type McpTool, offeredTool } from './offered-tool'
import { hostRefusal } from './permitted'
import { type Entry, entryFor, type Listing, overLink } from './pool'
import { secretsOf } from './secrets'

const MOST_TOOLS = 512
const MOST_PAGES = 20
const MOST_BYTES = 524_288
const MOST_NOTES = 20
const PAGE_MS = 15_000

// One bad tool must not cost the others, so each is read for itself.
const Page = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().max(10_000).optional() })

type Raw = { items: unknown[]; bytes: number; cut: string | null }

const isWanted = ({ tools }: McpServer, raw: unknown): boolean =>
  tools === undefined || (typeof raw === 'object' && raw !== null && 'name' in raw && tools.includes(String(raw.name)))

const weightOf = (item: unknown): number => {
  try {
    return JSON.stringify(item).length
  } catch {
    return MOST_BYTES + 1
  }
}

// What is left out is not kept either: a page may weigh as much as a message.
const keep = (raw: Raw, items: readonly unknown[]): void => {
  for (const item of items) {
    const bytes = raw.bytes + weightOf(item)
    if (raw.items.length >= MOST_TOOLS) raw.cut = `offers more than ${MOST_TOOLS} tools`
    else if (bytes > MOST_BYTES) raw.cut = 'says more of its tools than is read'
    if (raw.cut !== null) return
    raw.bytes = bytes
    raw.items.push(item)
  }
}

const readPages = async (server: McpServer, link: Link): Promise<Raw> => {
  const raw: Raw = { items: [], bytes: 0, cut: null }
  const seen = new Set<string>()
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor }
    const { tools, nextCursor } = await link.ask('tools/list', params, Page, { timeoutMs: PAGE_MS })
    keep(
      raw,
      tools.filter((item) => isWanted(server, item)),
    )
    if (raw.cut !== null || nextCursor === undefined || seen.has(nextCursor)) return raw
    seen.add(nextCursor)
    cursor = nextCursor
  }
  return { ...raw, cut: `lists its tools on more than ${MOST_PAGES} pages` }
}

const missing = (server: McpServer, names: ReadonlySet<string>): string[] =>
  (server.tools ?? [])
    .filter((tool) => !names.has(`mcp:${server.name}:${tool}`))
    .map((tool) => `The MCP server ${server.name} has no tool ${tool}`)

const listingOf = (server: McpServer, { items, cut }: Raw, linkId: number): Listing => {
  const tools = new Map<string, McpTool>()
  const refused = new Map<string, string>()
  const notes: string[] = cut === null ? [] : [`The MCP server ${server.name} ${cut}; the rest is left out`]
  const secrets = secretsOf(server)
  const hide = (value: unknown): unknown => (secrets.length === 0 ? value : hideSecrets(value, secrets))
  for (const raw of items) {
    const offered = offeredTool(server, raw, hide)
    if ('note' in offered) notes.push(offered.note)
    else if ('refusal' in offered) refused.set(offered.name, offered.refusal)
    else if (!tools.has(offered.tool.name)) tools.set(offered.tool.name, offered.tool)
  }
  for (const [name, reason] of refused) {
    tools.delete(name)
    notes.push(`The tool ${name} is refused: ${reason}`)
  }
  notes.push(...missing(server, new Set([...tools.keys(), ...refused.keys()])))
  return { tools: [...tools.values()], refused, notes: notes.slice(0, MOST_NOTES), at: monotonicMs(), linkId }
}

/** Asks a server for its tools over this connection and keeps what it says. */
export const listAnew = async (entry: Entry, link: Link): Promise<Listing> => {
  entry.isListStale = false
  const list = listingOf(entry.server, await readPages(entry.server, link), link.id)
  entry.list = list
  return list
}

const isFresh = ({ list, isListStale }: Entry): boolean =>
  list !== null && !isListStale && monotonicMs() - list.at < kernel().env.CLASPER_MCP_LIST_TTL_MS

// One question for all who want to know; it goes on for the next one when nobody waits any more.
const listed = (entry: Entry): Promise<Listing> | Listing => {
  if (entry.list && isFresh(entry)) return entry.list
  entry.listing ??= overLink(entry, { patienceMs: 0 }, (link) => listAnew(entry, link)).finally(() => {
    entry.listing = null
  })
  return entry.listing
}

const LATE = Symbol('late')

const inTime = async <T>(work: Promise<T> | T, ms: number, signal: AbortSignal): Promise<T | typeof LATE> => {
  if (!(work instanceof Promise)) return work
  work.catch(() => undefined)
  const over: { end: () => void } = { end: () => undefined }
  const late = new Promise<typeof LATE>((resolve) => {
    const timer = setTimeout(() => resolve(LATE), ms)
    const leave = () => resolve(LATE)
    signal.addEventListener('abort', leave, { once: true })
    over.end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', leave)
    }
  })
  try {
    return await Promise.race([work, late])
  } finally {
    over.end()
  }
}

export type ToolsOf = { server: McpServer; listing: Listing } | { server: McpServer; fault: string }

const toolsOfOne = async (scope: Scope, workspaceId: string, server: McpServer): Promise<ToolsOf> => {
  const refusal = hostRefusal(server)
  if (refusal !== null) return { server, fault: refusal }
  const ms = kernel().env.CLASPER_MCP_LIST_TIMEOUT_MS
  const entry = entryFor({ tenantId: scope.tenantId, workspaceId }, server)
  try {
    const listing = await inTime(listed(entry), ms, scope.signal)
    return listing === LATE ? { server, fault: `it did not list its tools within ${ms} ms` } : { server, listing }
  } catch (error) {
    if (!isMcpFault(error)) scope.log.error('tools of an MCP server cannot be listed', { server: server.name, error })
    return { server, fault: isMcpFault(error) ? error.message : 'it failed' }
  }
}

/** What each server offers, all asked at once and none waited for longer than the bound. */
export const mcpTools = (
  scope: Scope,
  workspaceId: string,
  servers: readonly McpServer[],
): Promise<readonly ToolsOf[]> => Promise.all(servers.map((server) => toolsOfOne(scope, workspaceId, server)))

/** A pinned tool is called only over a connection that said the same of it. */
export const assertAsPinned = async (entry: Entry, link: Link, { name, tool, schemaHash }: McpTool): Promise<void> => {
  if (!Object.hasOwn(entry.server.pins, tool)) return
  const isKnown = entry.list?.linkId === link.id && !entry.isListStale
  const list = isKnown && entry.list ? entry.list : await listAnew(entry, link)
  const now = list.tools.find((one) => one.name === name)
  if (now?.schemaHash === schemaHash) return
  throw new McpFault(list.refused.get(name) ?? 'the server no longer has this tool')
}
