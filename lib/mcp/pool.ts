import { setTimeout as wait } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { McpServer } from './declaration'
import { isMcpFault, McpFault } from './fault'
import { type Link, openLink } from './link'
import type { McpTool } from './offered-tool'

const MOST_ENTRIES = 1_000
const MOST_LINKS = 128
const MOST_LINKS_OF_A_TENANT = 32
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 60_000
// Whoever calls waits that long for a server to be tried again, and no longer.
const MOST_PATIENCE_MS = 2_000
const STEADY_MS = 60_000

export type Listing = {
  tools: readonly McpTool[]
  // Tools that are refused by name, each with its reason.
  refused: ReadonlyMap<string, string>
  notes: readonly string[]
  at: number
  linkId: number
}

// What is known of one declared server of one workspace on this instance.
export type Entry = {
  tenantId: string
  workspaceId: string
  server: McpServer
  link: Link | null
  opening: Promise<Link> | null
  openedAt: number
  openedOn: Date | null
  usedAt: number
  failures: number
  retryAt: number
  lastError: { text: string; at: Date } | null
  listing: Promise<Listing> | null
  list: Listing | null
  isListStale: boolean
  idle: NodeJS.Timeout | null
}

type Pool = { entries: LRUCache<string, Entry>; leave: AbortController }

const letGo = (entry: Entry): void => {
  const { link } = entry
  entry.link = null
  if (entry.idle) clearTimeout(entry.idle)
  void link?.close()
}

const pool = (): Pool =>
  kernel().slot<Pool>('mcp.pool', () => {
    const made: Pool = { entries: new LRUCache({ max: MOST_ENTRIES, dispose: letGo }), leave: new AbortController() }
    kernel().onStop('close', async () => {
      made.leave.abort()
      const open = [...made.entries.values()]
      await Promise.all(
        open.map(async (entry) => {
          if (entry.idle) clearTimeout(entry.idle)
          const link = entry.link ?? (await entry.opening?.catch(() => null)) ?? null
          entry.link = null
          await link?.close()
        }),
      )
    })
    return made
  })

type Place = Pick<Scope, 'tenantId'> & { workspaceId: string }

const keyOf = ({ tenantId, workspaceId }: Place, { hash }: McpServer): string =>
  JSON.stringify([tenantId, workspaceId, hash])

/** What is known of a server, without asking it anything. */
export const knownEntry = (place: Place, server: McpServer): Entry | undefined =>
  pool().entries.get(keyOf(place, server))

export const entryFor = (place: Place, server: McpServer): Entry => {
  const known = knownEntry(place, server)
  if (known) return known
  const made: Entry = {
    tenantId: place.tenantId,
    workspaceId: place.workspaceId,
    server,
    link: null,
    opening: null,
    openedAt: 0,
    openedOn: null,
    usedAt: monotonicMs(),
    failures: 0,
    retryAt: 0,
    lastError: null,
    listing: null,
    list: null,
    isListStale: false,
    idle: null,
  }
  pool().entries.set(keyOf(place, server), made)
  return made
}

export const noteFailure = (entry: Entry, { message, said }: Pick<McpFault, 'message' | 'said'>): void => {
  const now = monotonicMs()
  const wasSteady = entry.openedAt > 0 && now - entry.openedAt > STEADY_MS
  entry.failures = wasSteady ? 1 : entry.failures + 1
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (entry.failures - 1), LONGEST_PAUSE_MS)
  entry.retryAt = now + pause * (0.75 + Math.random() / 2)
  entry.lastError = { text: message, at: kernel().clock.now() }
  entry.link = null
  // How long it had been up counts once: what fails to come back was not steady.
  entry.openedAt = 0
  kernel().log.warn('a server of tools failed', {
    tenant: entry.tenantId,
    workspace_id: entry.workspaceId,
    server: entry.server.name,
    failures: entry.failures,
    why: message,
    said,
  })
}

/** It did what it was asked: whatever went wrong before is over. */
export const noteSuccess = (entry: Entry): void => {
  entry.failures = 0
  entry.retryAt = 0
}

const stayAwake = (entry: Entry): void => {
  entry.usedAt = monotonicMs()
  if (entry.idle) clearTimeout(entry.idle)
  entry.idle = setTimeout(() => rest(entry), kernel().env.CLASPER_MCP_IDLE_MS)
  entry.idle.unref()
}

const rest = (entry: Entry): void => {
  if (!entry.link) return
  if (entry.link.inFlight() > 0) stayAwake(entry)
  else letGo(entry)
}

const linked = (): Entry[] => [...pool().entries.values()].filter(({ link, opening }) => link?.isOpen() || opening)

// The one that has waited longest for a question makes room; whoever is at work does not.
const makeRoom = (entries: readonly Entry[], most: number): void => {
  if (entries.length < most) return
  const free = entries.filter(({ link }) => link !== null && link.inFlight() === 0)
  const [oldest] = free.sort((a, b) => a.usedAt - b.usedAt)
  if (!oldest) throw new McpFault('too many connections to such servers are open; try again later')
  letGo(oldest)
}

const open = async (entry: Entry): Promise<Link> => {
  makeRoom(
    linked().filter(({ tenantId }) => tenantId === entry.tenantId),
    MOST_LINKS_OF_A_TENANT,
  )
  makeRoom(linked(), MOST_LINKS)
  const opening = openLink(entry.server, {
    onEnded: (fault) => noteFailure(entry, fault),
    onToolsChanged: () => {
      entry.isListStale = true
    },
    signal: pool().leave.signal,
  })
  entry.opening = opening
  try {
    const link = await opening
    entry.openedAt = monotonicMs()
    entry.openedOn = kernel().clock.now()
    entry.link = link.isOpen() ? link : null
    stayAwake(entry)
    return link
  } catch (error) {
    noteFailure(entry, isMcpFault(error) ? error : { message: 'it cannot be reached', said: '' })
    throw error
  } finally {
    entry.opening = null
  }
}

const pauseText = ({ failures, lastError }: Entry, ms: number): string =>
  `it failed ${failures} time${failures === 1 ? '' : 's'} in a row and is left alone for ${Math.ceil(ms / 1000)} s: ${lastError?.text ?? ''}`

type Patience = { patienceMs?: number; signal?: AbortSignal }

/** The open connection to a server, or a new one; after failures not before its pause is over. */
export const linkFor = async (entry: Entry, { patienceMs = MOST_PATIENCE_MS, signal }: Patience): Promise<Link> => {
  if (entry.link?.isOpen()) {
    stayAwake(entry)
    return entry.link
  }
  if (entry.opening) return entry.opening
  const pause = entry.retryAt - monotonicMs()
  if (pause > patienceMs) throw new McpFault(pauseText(entry, pause))
  if (pause > 0) {
    await wait(pause + 5, undefined, signal ? { signal } : {})
    return linkFor(entry, { patienceMs: 0, ...(signal ? { signal } : {}) })
  }
  if (pool().leave.signal.aborted) throw new McpFault('this server is shutting down')
  return open(entry)
}

/** Does it over the connection; once more over a new one where the server had forgotten the old one. */
export const overLink = async <T>(entry: Entry, how: Patience, work: (link: Link) => Promise<T>): Promise<T> => {
  try {
    return await work(await linkFor(entry, how))
  } catch (error) {
    if (!isMcpFault(error) || !error.isForgotten) throw error
    return work(await linkFor(entry, how))
  }
}
