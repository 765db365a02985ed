import type { Scope } from '@/lib/core/scope'
import { openPromotions } from '@/lib/promotion'
import type { Promotion } from '@/lib/promotion/contract'
import type { Headline, WaitingItem } from '../contract'
import { fenceOf } from '../fence'
import { headline, linkTo } from './headline'

const MOST_OPEN = 20
const MOST_NAMED = 5

export const openFor = async (scope: Scope): Promise<Promotion[]> =>
  scope.permissions.has('workspace:view') ? openPromotions(scope, MOST_OPEN) : []

type Way = Pick<Promotion, 'source_env' | 'target_env' | 'workspace_id'>

const wayOf = ({ source_env: from, target_env: to, workspace_id: workspace }: Way): string =>
  `${from} → ${to} of ${workspace}`

const hrefOf = ({ id, workspace_id }: Pick<Promotion, 'id' | 'workspace_id'>): string =>
  linkTo(`/ops/promotions/${id}`, { workspace_id })

// What waits for people or for time is no fault; what failed is.
const WAITED_FOR = ['approvals', 'soak_time']

const faultsOf = ({ checks }: Promotion): string =>
  checks
    .filter(({ name, status }) => status === 'fail' && !WAITED_FOR.includes(name))
    .map(({ name, details }) => details ?? name.replaceAll('_', ' '))
    .join(' ')

const FAULT_LENGTH = 200

const blocked = (open: readonly Promotion[]): Headline[] =>
  open
    .filter(({ status }) => status === 'blocked')
    .map((one) =>
      headline('attention', `${wayOf(one)} is blocked`, hrefOf(one), faultsOf(one).slice(0, FAULT_LENGTH) || null),
    )

const notApplied = async (scope: Scope, since: Date): Promise<Headline[]> => {
  const fence = fenceOf(scope)
  const rows = await scope.db.promotion.findMany({
    where: {
      status: 'failed',
      updatedAt: { gte: since },
      ...(fence === null ? {} : { workspaceId: { in: [...fence] } }),
    },
    orderBy: { updatedAt: 'desc' },
    take: MOST_NAMED,
    select: { id: true, workspaceId: true, sourceEnv: true, targetEnv: true, failure: true },
  })
  return rows.map(({ id, workspaceId: workspace_id, sourceEnv: source_env, targetEnv: target_env, failure }) =>
    headline(
      'attention',
      `${wayOf({ source_env, target_env, workspace_id })} could not be promoted`,
      hrefOf({ id, workspace_id }),
      failure,
    ),
  )
}

export const promotionHeadlines = async (
  scope: Scope,
  open: readonly Promotion[],
  since: Date,
): Promise<Headline[]> => {
  if (!scope.permissions.has('workspace:view')) return []
  const failed = await notApplied(scope, since)
  const all = [...blocked(open), ...failed]
  const more = all.length - MOST_NAMED
  if (more <= 0) return all
  return [
    ...all.slice(0, MOST_NAMED),
    headline('attention', `${more} more ${more === 1 ? 'promotion is' : 'promotions are'} held up`, '/ops/promotions'),
  ]
}

const hasSpoken = (scope: Scope, { approvals }: Promotion): boolean =>
  approvals.items.some(({ user_id: user, counts }) => counts && user === scope.identity.userId)

const isMine = (scope: Scope, one: Promotion): boolean => {
  if (one.status !== 'waiting') return false
  const lacks = one.approvals.given < one.approvals.required
  return lacks ? one.can.approve && !hasSpoken(scope, one) : one.can.execute
}

/** Those that this person could let through now. */
export const promotionsFor = (scope: Scope, open: readonly Promotion[]): WaitingItem[] =>
  open
    .filter((one) => isMine(scope, one))
    .map((one) => {
      const { required, given } = one.approvals
      return {
        kind: 'promotion' as const,
        id: one.id,
        text: wayOf(one),
        detail:
          given < required
            ? `${given} of ${required} approvals, asked for by ${one.requested_by.replace(/^user:/, '')}`
            : 'All is there: it can be executed',
        since: one.created_at,
        until: null,
        href: hrefOf(one),
      }
    })
