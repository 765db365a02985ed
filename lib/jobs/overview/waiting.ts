import type { Scope } from '@/lib/core/scope'
import { listQueue } from '@/lib/evals'
import { listDecisions, listReceipts } from '@/lib/governance'
import type { DecisionPage, Receipt } from '@/lib/governance/contract'
import type { Promotion } from '@/lib/promotion/contract'
import type { OverviewView, WaitingItem, WaitingKind } from '../contract'
import { linkTo } from './headline'
import { promotionsFor } from './promotions'

const MOST_READ = 100
const MOST_SHOWN = 12
const MOST_PER_KIND = 4

const nameOf = (actor: string): string => actor.replace(/^user:/, '')

/** All that waits for a decision, for those who may decide. */
export const pendingDecisions = async (scope: Scope): Promise<DecisionPage | null> =>
  scope.permissions.has('decision:resolve') ? listDecisions(scope, { status: 'pending', limit: MOST_READ }) : null

const approvalsFor = (page: DecisionPage | null): WaitingItem[] =>
  (page?.decisions ?? [])
    .filter(({ can_approve: can }) => can)
    .map((one) => ({
      kind: 'approval' as const,
      id: one.decision_id,
      text: one.tool ?? one.subject,
      detail: `${one.agent_role ?? one.adapter_id ?? nameOf(one.requested_by)} in ${one.environment}`,
      since: one.created_at,
      until: one.expires_at,
      href: linkTo('/ops/approvals', { peek: one.decision_id }),
    }))

const exceptionsFor = async (scope: Scope): Promise<WaitingItem[]> => {
  const { receipts } = await listReceipts(scope, { state: 'open', limit: MOST_READ })
  return receipts
    .filter(({ may_acknowledge: may }) => may)
    .map((one: Receipt) => ({
      kind: 'exception' as const,
      id: one.id,
      text: `${nameOf(one.actor)}: ${one.action}`,
      detail: one.kind === 'break_glass' ? one.permissions.join(', ') : one.reason_code.replaceAll('_', ' '),
      since: one.created_at,
      until: one.due_at,
      href: linkTo('/ops/receipts', { peek: one.id }),
    }))
}

type Annotations = { items: WaitingItem[]; total: number }

const annotationsFor = async (scope: Scope): Promise<Annotations> => {
  const { items, total } = await listQueue(scope, { status: 'waiting', limit: MOST_READ, offset: 0 })
  const { userId, actor, name } = scope.identity
  const mine = [userId, actor, name].filter((one) => one !== null && one !== undefined && one !== '')
  const found = items.filter(({ assigned_to: to }) => to === null || mine.includes(to))
  return {
    total: total > items.length ? total : found.length,
    items: found.map((one) => ({
      kind: 'annotation' as const,
      id: one.id,
      text: one.reason ?? `An answer in ${one.queue}`,
      detail: one.assigned_to === null ? `queue ${one.queue}` : `queue ${one.queue}, given to you`,
      since: one.created_at,
      until: null,
      href: linkTo('/ops/evals/queue', { queue: one.queue, item: one.id }),
    })),
  }
}

const inOrder = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

// What runs out first, then what is newest: what nobody decided for weeks is seldom what matters now.
const byUrgency = (a: WaitingItem, b: WaitingItem): number => {
  if (a.until !== null && b.until !== null) return inOrder(a.until, b.until)
  if (a.until !== null || b.until !== null) return a.until === null ? 1 : -1
  return inOrder(b.since, a.since)
}

type Waiting = OverviewView['waiting']

/** What this very person can decide; what he may not decide is not there. */
export const waitingFor = async (
  scope: Scope,
  { decisions, open }: { decisions: DecisionPage | null; open: readonly Promotion[] },
): Promise<Waiting> => {
  const { permissions } = scope
  const acknowledges = permissions.has('override:use') && permissions.has('audit:view')
  const [exceptions, annotations] = await Promise.all([
    acknowledges ? exceptionsFor(scope) : null,
    permissions.has('eval:run') && permissions.has('eval:view') ? annotationsFor(scope) : null,
  ])
  const approvals = decisions === null ? null : approvalsFor(decisions)
  const promotions = permissions.has('workspace:promote') ? promotionsFor(scope, open) : null
  const kinds: [WaitingKind, WaitingItem[] | null, number | undefined][] = [
    ['approval', approvals, approvals?.length],
    ['promotion', promotions, promotions?.length],
    ['exception', exceptions, exceptions?.length],
    ['annotation', annotations?.items ?? null, annotations?.total],
  ]
  return {
    items: kinds
      .flatMap(([, items]) => [...(items ?? [])].sort(byUrgency).slice(0, MOST_PER_KIND))
      .sort(byUrgency)
      .slice(0, MOST_SHOWN),
    counts: Object.fromEntries(kinds.flatMap(([kind, , count]) => (count === undefined ? [] : [[kind, count]]))),
  }
}
