import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Identity } from '@/lib/core/scope'
import { sessionIdentity } from './identities'
import { recheck } from './refresh'
import { guardGeneration, remembered, rememberSince } from './revocation'
import { hashSecret } from './service-key'
import { IDLE_MS, TOUCH_MS } from './settings'
import { findSessionBySecret, type StoredSession, touchSession } from './store'

export type LiveSession = { session: StoredSession; identity: Identity }

const liveOf = (session: StoredSession | null): LiveSession | null =>
  session ? { session, identity: sessionIdentity(session) } : null

const isOver = (session: StoredSession, now: Date): boolean =>
  session.revokedAt !== null || session.expiresAt <= now || session.idleExpiresAt <= now

const touched = async (session: StoredSession, now: Date): Promise<StoredSession> => {
  if (now.getTime() - session.lastSeenAt.getTime() < TOUCH_MS) return session
  const idleExpiresAt = dateOf(now.getTime() + IDLE_MS)
  await touchSession(session, now, idleExpiresAt)
  return { ...session, lastSeenAt: now, idleExpiresAt }
}

// The cookie names a row; the row decides, at every request. null: sign in again.
export const liveSession = async (osid: string, isPassive = false): Promise<LiveSession | null> => {
  const key = `session:${hashSecret(osid)}`
  const since = guardGeneration()
  const found = await remembered(key, async () => liveOf(await findSessionBySecret(osid)))
  const now = kernel().clock.now()
  if (!found || isOver(found.session, now)) return null
  const current = found.session.recheckAt <= now ? await recheck(found.session) : found.session
  if (!current) return null
  const fresh = isPassive ? current : await touched(current, now)
  if (fresh === found.session) return found
  const live = liveOf(fresh)
  rememberSince(since, key, live)
  return live
}
