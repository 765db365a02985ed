import { identify, openScope } from '@/lib/auth'
import type { BusTopics } from '@/lib/core/bus'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { ReadDb, Scope } from '@/lib/core/scope'
import type { Contract } from '@/lib/shared/contract'
import { isProblem, Problem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import { statusOf } from './problem-reply'
import { newVisit } from './visit'

export type LiveNews = { id: string; topic: string; at: string; data: Record<string, unknown> }

type Stored = Omit<BusTopics['event'], 'id'> & { id: bigint }

const MOST_REPLAYED = 1_000
const RECHECK_MS = 250

const interest = () => kernel().slot('http.live', () => new Map<string, number>())

// Tenants that somebody on this instance is watching right now.
export const watchedTenants = (): string[] => [...interest().keys()]

const count = (tenantId: string, by: 1 | -1): void => {
  const watching = (interest().get(tenantId) ?? 0) + by
  if (watching > 0) interest().set(tenantId, watching)
  else interest().delete(tenantId)
}

const record = (payload: unknown): Record<string, unknown> =>
  typeof payload === 'object' && payload !== null ? { ...payload } : {}

// News without a row in the outbox has no number, so nobody can ask to go on from it.
const newsOf = ({ id, topic, payload, createdAt }: Stored): LiveNews => ({
  id: id > 0n ? String(id) : '',
  topic,
  at: toWire(dateOf(createdAt)),
  data: record(payload),
})

const follow = (tenantId: string, take: (news: LiveNews) => void): (() => void) => {
  count(tenantId, 1)
  const off = kernel().bus.on('event', (event) => {
    if (event.tenantId === tenantId) take(newsOf(event))
  })
  let isOpen = true
  return () => {
    if (!isOpen) return
    isOpen = false
    off()
    count(tenantId, -1)
  }
}

// What was missed since `after`. Old news are deleted: then one notice says that the gap cannot be filled.
const missed = async (db: ReadDb, after: string | null): Promise<LiveNews[]> => {
  if (after === null || !/^\d{1,18}$/.test(after)) return []
  const rows = await db.outboxEvent.findMany({
    where: { id: { gte: BigInt(after) } },
    orderBy: { id: 'asc' },
    take: MOST_REPLAYED + 1,
  })
  const isWhole = String(rows[0]?.id) === after && rows.length <= MOST_REPLAYED
  const news = rows.filter((row) => String(row.id) !== after).slice(0, MOST_REPLAYED)
  if (isWhole) return news.map(newsOf)
  const now = kernel().clock.now()
  return [{ id: '', topic: RESET, at: toWire(now), data: {} }, ...news.map(newsOf)]
}

const RESET = 'stream.reset'
const AUDIT_GREW = 'audit.appended'

// Whoever is limited to workspaces hears what names one of them, that the audit log grew without its size, and
// nothing that belongs to the whole tenant, such as jobs.
const within = (fence: readonly string[] | null, news: LiveNews): LiveNews | null => {
  if (fence === null || news.topic === RESET) return news
  if (news.topic === AUDIT_GREW) return { ...news, data: {} }
  const workspace = news.data['workspace_id']
  return typeof workspace === 'string' && fence.includes(workspace) ? news : null
}

// First what was missed since `after`, then what happens; nothing twice, although both may know the same news.
export const followFrom = ({ db, identity }: Scope, after: string | null, listen: (news: LiveNews) => void) => {
  const take = (news: LiveNews): void => {
    const open = within(identity.workspaceIds, news)
    if (open) listen(open)
  }
  const held: LiveNews[] = []
  const state: { put: (news: LiveNews) => void } = { put: (news) => void held.push(news) }
  const off = follow(db.tenantId, (news) => state.put(news))
  const known = new Set<string>()
  const put = (news: LiveNews): void => {
    if (!known.has(news.id)) take(news)
  }
  const start = async (): Promise<void> => {
    const replayed = await missed(db, after)
    for (const news of replayed) take(news)
    for (const { id } of replayed) if (id !== '') known.add(id)
    if (after !== null) known.add(after)
    for (const news of held) put(news)
    state.put = put
  }
  return { off, start }
}

const fenceOf = ({ workspaceId, identity }: Scope): string => JSON.stringify([workspaceId, identity.workspaceIds])

// A stream outlives the check at its door, so the same door is asked again: still this person, still this place?
export const accessOf = (scope: Scope, contract: Contract, request: Request) => {
  const visit = { ...newVisit(request), isPassive: true }
  return async (): Promise<void> => {
    const identity = await identify(request, contract.guard, visit)
    if (!identity) throw new Problem('missing_token')
    const now = await openScope(identity, { contract, request, visit, input: {} })
    if (now.tenantId !== scope.tenantId)
      throw new Problem('tenant_access_denied', undefined, { tenant_id: scope.tenantId })
    if (fenceOf(now) !== fenceOf(scope)) throw new Problem('workspace_access_denied')
  }
}

// Only a no is a no: who could not be asked is asked again.
const isRefusal = (error: unknown): boolean => isProblem(error) && [401, 403, 404].includes(statusOf(error))

// Asks again and again whether the one who listens may still do so; the answer that ends it comes once.
export const watchAccess = (mayStay: () => Promise<unknown>, onLost: (error: unknown) => void): (() => void) => {
  let asking = false
  let isTrouble = false
  const failed = (error: unknown): void => {
    if (isRefusal(error)) {
      clearInterval(timer)
      onLost(error)
      return
    }
    if (!isTrouble) kernel().log.warn('access to a live stream could not be checked', { error })
    isTrouble = true
  }
  const timer = setInterval(() => {
    if (asking) return
    asking = true
    mayStay()
      .then(() => {
        isTrouble = false
      })
      .catch(failed)
      .finally(() => {
        asking = false
      })
  }, RECHECK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

export const tooSlow = (): Problem => new Problem('unavailable', 'The listener is too slow; connect again.')
