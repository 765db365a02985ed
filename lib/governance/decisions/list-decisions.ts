import { dateOf } from '@/lib/core/clock'
import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { encodeCursor } from '@/lib/shared/page'
import type { DecisionDetail, DecisionFilter, DecisionPage } from '../contract/decision'
import { presentDecision, presentDetail } from './present'
import { mustFind } from './resolve-decision'
import { countDecisions, findDecisions, idsByPolicy, type Wanted } from './store'

// What ran out of time is expired, whether or not a job has written it down yet.
const byStatus = (status: DecisionFilter['status'], now: Date): Wanted => {
  const over = { usedAt: null, status: { in: ['pending', 'approved'] }, expiresAt: { lte: now } }
  if (status === 'expired') return { OR: [{ status: 'expired' }, over] }
  if (status === 'pending' || status === 'approved') return { status, NOT: over }
  return status === undefined ? {} : { status }
}

const inReach = (scope: Scope): Wanted => {
  const { workspaces, user } = reachOf(scope)
  return {
    ...(workspaces === null ? {} : { workspaceId: { in: [...workspaces] } }),
    ...(user === null ? {} : { userId: user }),
  }
}

const wantedOf = (scope: Scope, filter: DecisionFilter): Wanted => ({
  AND: [
    inReach(scope),
    byStatus(filter.status, scope.clock.now()),
    {
      ...(filter.workspace_id === undefined ? {} : { workspaceId: filter.workspace_id }),
      ...(filter.environment === undefined ? {} : { environment: filter.environment }),
      ...(filter.decision === undefined ? {} : { decision: filter.decision }),
      ...(filter.origin === undefined ? {} : { origin: filter.origin }),
      ...(filter.tool === undefined ? {} : { tool: filter.tool }),
      ...(filter.adapter_id === undefined ? {} : { adapterId: filter.adapter_id }),
      ...(filter.trace_id === undefined ? {} : { traceId: filter.trace_id.toLowerCase() }),
      ...(filter.execution_id === undefined ? {} : { executionId: filter.execution_id }),
      ...(filter.since === undefined ? {} : { createdAt: { gte: dateOf(filter.since) } }),
    },
  ],
})

const before = (cursor: DecisionFilter['cursor']): Wanted => {
  if (cursor === undefined) return {}
  const [at, id] = [dateOf(cursor[0]), cursor[1].toLowerCase()]
  return { OR: [{ createdAt: { lt: at } }, { createdAt: at, id: { lt: id } }] }
}

/** Decisions of the tenant, newest first. */
export const listDecisions = async (scope: Scope, filter: DecisionFilter): Promise<DecisionPage> => {
  const wanted = wantedOf(scope, filter)
  const { limit, cursor, policy_id: policy } = filter
  const ruled = policy === undefined ? {} : { id: { in: await idsByPolicy(scope, policy) } }
  const [found, pending] = await Promise.all([
    findDecisions(scope.db, { AND: [wanted, ruled, before(cursor)] }, limit + 1),
    countDecisions(scope.db, { AND: [inReach(scope), byStatus('pending', scope.clock.now())] }),
  ])
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  const hasMore = found.length > limit
  return {
    decisions: rows.map((row) => presentDecision(scope, row)),
    pending,
    has_more: hasMore,
    limit,
    next_cursor: hasMore && last ? encodeCursor([last.createdAt.toISOString(), last.id]) : null,
  }
}

export const getDecision = async (scope: Scope, id: string): Promise<{ decision: DecisionDetail }> => ({
  decision: presentDetail(scope, await mustFind(scope, id)),
})
