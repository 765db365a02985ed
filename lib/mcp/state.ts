import { dateOf, monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { McpServer } from './declaration'
import { hostRefusal } from './permitted'
import { type Entry, knownEntry, type Listing } from './pool'

export type McpState = {
  state: 'refused' | 'unknown' | 'connecting' | 'connected' | 'resting' | 'failing'
  reason: string | null
  about: { name: string; version: string; instructions: string } | null
  connectedAt: Date | null
  failures: number
  lastError: { text: string; at: Date } | null
  retryAt: Date | null
  listing: Listing | null
  listedAt: Date | null
}

const NOTHING: McpState = {
  state: 'unknown',
  reason: null,
  about: null,
  connectedAt: null,
  failures: 0,
  lastError: null,
  retryAt: null,
  listing: null,
  listedAt: null,
}

// Times are kept by a clock that nobody sets; people read those of the day.
const onTheClock = (at: number): Date => dateOf(kernel().clock.now().getTime() + at - monotonicMs())

// Whoever was reached after it failed only rests; its failures count until it has done something.
const isFailing = ({ failures, lastError, openedOn }: Entry): boolean =>
  failures > 0 && (lastError === null || openedOn === null || lastError.at >= openedOn)

/** What this instance knows of a server, without asking it anything. */
export const stateOf = (place: { tenantId: string; workspaceId: string }, server: McpServer): McpState => {
  const reason = hostRefusal(server)
  if (reason !== null) return { ...NOTHING, state: 'refused', reason }
  const entry = knownEntry(place, server)
  if (!entry) return NOTHING
  const isOpen = entry.link?.isOpen() === true
  const idle = entry.list === null ? 'unknown' : 'resting'
  return {
    state: isOpen ? 'connected' : entry.opening ? 'connecting' : isFailing(entry) ? 'failing' : idle,
    reason: null,
    about: entry.link?.about ?? null,
    connectedAt: isOpen ? entry.openedOn : null,
    failures: entry.failures,
    lastError: entry.lastError,
    retryAt: !isOpen && entry.retryAt > monotonicMs() ? onTheClock(entry.retryAt) : null,
    listing: entry.list,
    listedAt: entry.list ? onTheClock(entry.list.at) : null,
  }
}
