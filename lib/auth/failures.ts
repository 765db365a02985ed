import { LRUCache } from 'lru-cache'
import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { createScope, type Identity } from '@/lib/core/scope'
import type { GuardVisit } from './guard-visit'
import { systemIdentity } from './identities'

export const SYSTEM_TENANT = 'system'
const QUIET_MS = 60_000
const MAX_SOURCES = 5_000

type Source = { at: number; silenced: number }

const sources = () =>
  kernel().slot('auth.failures', () => new LRUCache<string, Source>({ max: MAX_SOURCES, ttl: 10 * QUIET_MS }))

// A flood of bad credentials must not become a flood of audit rows: one row a minute and source, with a count.
const silencedSince = (source: string): number | null => {
  const now = monotonicMs()
  const known = sources().get(source)
  if (known && now - known.at < QUIET_MS) {
    known.silenced += 1
    return null
  }
  sources().set(source, { at: now, silenced: 0 })
  return known?.silenced ?? 0
}

const seedOf = (visit: GuardVisit, identity: Identity, tenantId: string) => ({
  identity,
  tenantId,
  requestId: visit.requestId,
  traceId: visit.traceId,
  signal: visit.signal,
  log: visit.log,
})

export const auditFailure = async (
  visit: GuardVisit,
  what: { method: string; reason: string; subject?: string },
): Promise<void> => {
  if (visit.isFlooding) return
  const silenced = silencedSince(`${what.method} ${what.reason} ${visit.clientIp} ${what.subject ?? ''}`)
  if (silenced === null) return
  const scope = createScope(seedOf(visit, systemIdentity('system:guard', SYSTEM_TENANT), SYSTEM_TENANT))
  await scope.command({
    audit: [{ event: 'auth_failure', data: { ...what, address: visit.clientIp, silenced_before: silenced } }],
  })
}

export const auditDenied = async (visit: GuardVisit, identity: Identity, data: object): Promise<void> => {
  const silenced = silencedSince(`denied ${identity.credentialId} ${JSON.stringify(data)}`)
  if (silenced === null) return
  const scope = createScope(seedOf(visit, identity, identity.tenantId))
  await scope.command({ audit: [{ event: 'permission_denied', data: { ...data, silenced_before: silenced } }] })
}

export const auditLimited = async (visit: GuardVisit, identity: Identity | null, data: object): Promise<void> => {
  const silenced = silencedSince(`limited ${identity?.credentialId ?? visit.clientIp}`)
  if (silenced === null) return
  const who = identity ?? systemIdentity('system:guard', SYSTEM_TENANT)
  const scope = createScope(seedOf(visit, who, who.tenantId))
  await scope.command({
    audit: [{ event: 'rate_limit_exceeded', data: { ...data, address: visit.clientIp, silenced_before: silenced } }],
  })
}
