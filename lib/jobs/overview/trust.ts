import type { Scope } from '@/lib/core/scope'
import { toWire } from '@/lib/shared/time'
import type { Headline } from '../contract'
import { fenceOf } from '../fence'
import { headline, linkTo, plural } from './headline'

const MOST_REPORTS = 500

const newest = (scope: Scope, eventType: string) => {
  const fence = fenceOf(scope)
  return scope.db.auditEntry.findMany({
    where: { eventType, ...(fence === null ? {} : { workspaceId: { in: [...fence] } }) },
    orderBy: { seq: 'desc' },
    take: MOST_REPORTS,
    select: { traceId: true, entityId: true, createdAt: true },
  })
}

// The reports lead to the traces; a walk through all traces would not end at a million.
const reported = async (scope: Scope, since: Date) => {
  const rows = (await newest(scope, 'adapter_violation_reported')).filter(({ createdAt }) => createdAt >= since)
  const ids = [...new Set(rows.flatMap(({ traceId }) => traceId ?? []))]
  if (ids.length === 0) return []
  return scope.db.trace.findMany({
    where: { id: { in: ids }, startedAt: { gte: since }, trustStatus: { in: ['verified_with_violations', 'invalid'] } },
    select: { id: true, trustStatus: true },
  })
}

const WORDS = {
  invalid: { level: 'error', trust: 'compromised', one: 'trace is compromised', many: 'traces are compromised' },
  verified_with_violations: {
    level: 'attention',
    trust: 'verified_with_violations',
    one: 'trace of an external agent violates what it was allowed',
    many: 'traces of external agents violate what they were allowed',
  },
} as const

const violating = async (scope: Scope, since: Date): Promise<Headline[]> => {
  const found = await reported(scope, since)
  return Object.entries(WORDS).flatMap(([state, { level, trust, one, many }]) => {
    const some = found.filter(({ trustStatus }) => trustStatus === state)
    if (some.length === 0) return []
    const only = some.length === 1 ? some[0] : undefined
    const href = only
      ? `/ops/traces/${only.id}`
      : linkTo('/ops/traces', { trust_status: trust, start_date: toWire(since) })
    return [headline(level, plural(some.length, one, many), href)]
  })
}

const forged = async (scope: Scope, since: Date): Promise<Headline[]> => {
  const event = 'adapter_telemetry_signature_invalid'
  const rows = (await newest(scope, event)).filter(({ createdAt }) => createdAt >= since)
  if (rows.length === 0) return []
  const agents = [...new Set(rows.flatMap(({ entityId }) => entityId ?? []))]
  return [
    headline(
      'error',
      `${plural(rows.length, 'report', 'reports')} of external agents carried a wrong signature`,
      linkTo('/ops/audit', { event_type: event, start_date: toWire(since) }),
      `from ${agents.slice(0, 3).join(', ')}${agents.length > 3 ? ' and others' : ''}`,
    ),
  ]
}

/** What external agents told that cannot be believed, or was not theirs to do. */
export const trustHeadlines = async (scope: Scope, since: Date): Promise<Headline[]> => {
  const [found, refused] = await Promise.all([
    scope.permissions.has('trace:view') ? violating(scope, since) : [],
    scope.permissions.has('audit:view') ? forged(scope, since) : [],
  ])
  return [...refused, ...found]
}
