import { dateOf } from '@/lib/core/clock'
import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { encodeCursor } from '@/lib/shared/page'
import type { LedgerFilter, LedgerPage } from '../contract/ledger'
import { subjectOf } from './budget-key'
import { unreadable } from './budgets'
import { presentLine } from './present-line'

type Where = NonNullable<NonNullable<Parameters<Scope['db']['ledgerEntry']['findMany']>[0]>['where']>

const ofBudget = (key: string): Where => {
  const subject = subjectOf(key)
  if (subject.kind === 'workspace') return { workspaceId: subject.workspaceId }
  if (subject.kind === 'role') return { agentRole: subject.role }
  if (subject.kind === 'user') return { userId: subject.userId }
  if (subject.kind !== 'environment') return {}
  const { environment, workspaceId } = subject
  return { environment, ...(workspaceId === null ? {} : { workspaceId }) }
}

const fenced = (scope: Scope): Where[] => {
  const { workspaces, user } = reachOf(scope)
  return [
    ...(workspaces === null ? [] : [{ workspaceId: { in: [...workspaces] } }]),
    ...(user === null ? [] : [{ userId: user }]),
  ]
}

const WANTED = {
  workspace_id: 'workspaceId',
  environment: 'environment',
  agent_role: 'agentRole',
  user_id: 'userId',
  adapter_id: 'adapterId',
  trace_id: 'traceId',
  kind: 'kind',
  model: 'model',
  state: 'state',
} as const

const isWanted = (name: string): name is keyof typeof WANTED => Object.hasOwn(WANTED, name)

const wantedIn = (filter: LedgerFilter): Where[] => {
  const named = Object.entries(filter).flatMap(([name, value]) => (isWanted(name) ? [{ [WANTED[name]]: value }] : []))
  return [
    ...named,
    ...(filter.budget === undefined ? [] : [ofBudget(filter.budget)]),
    ...(filter.start_date === undefined ? [] : [{ createdAt: { gte: dateOf(filter.start_date) } }]),
    ...(filter.end_date === undefined ? [] : [{ createdAt: { lt: dateOf(filter.end_date) } }]),
  ]
}

const after = ({ cursor }: LedgerFilter): Where[] => {
  if (cursor === undefined) return []
  const createdAt = dateOf(cursor[0])
  return [{ createdAt: { lte: createdAt } }, { OR: [{ createdAt: { lt: createdAt } }, { id: { lt: cursor[1] } }] }]
}

const EXACT_UP_TO = 10_000

export const listLedger = async (scope: Scope, filter: LedgerFilter): Promise<LedgerPage> => {
  const { limit } = filter
  const all: Where[] = [...fenced(scope), ...wantedIn(filter)]
  const [rows, count] = await Promise.all([
    scope.db.ledgerEntry.findMany({
      where: { AND: [...all, ...after(filter)] },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    }),
    scope.db.ledgerEntry.count({ where: { AND: all }, take: EXACT_UP_TO + 1 }),
  ]).catch(unreadable)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit
  return {
    entries: shown.map(presentLine),
    total: Math.min(count, EXACT_UP_TO),
    total_exact: count <= EXACT_UP_TO,
    has_more: hasMore,
    limit,
    next_cursor: hasMore && last ? encodeCursor([last.createdAt.toISOString(), last.id]) : null,
  }
}
