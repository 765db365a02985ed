import type { Scope } from '@/lib/core/scope'
import { getBudget, usage } from '@/lib/governance'
import type { Budget } from '@/lib/governance/contract'
import { isProblem } from '@/lib/shared/problem'
import type { Headline, OverviewView } from '../contract'
import { headline } from './headline'

type Money = OverviewView['money']

const MOST_NAMED = 3
const MOST_READ = 50
const PLACE = '/ops/budgets'

const tenantBudget = async (scope: Scope): Promise<Budget | null> => {
  if (!scope.permissions.has('budget:view')) return null
  try {
    return (await getBudget(scope, { scope: 'tenant' })).budget
  } catch (error) {
    if (isProblem(error) && error.code === 'not_found') return null
    throw error
  }
}

// A period that is over is begun anew by the next call; what was told in it is of no concern any more.
const crossed = async (scope: Scope): Promise<Money['crossed']> => {
  if (!scope.permissions.has('budget:view') || scope.identity.workspaceIds !== null) return []
  const now = scope.clock.now()
  const rows = await scope.db.budget.findMany({
    where: {
      OR: [{ warnedAt: { not: null } }, { exceededAt: { not: null } }],
      AND: [{ OR: [{ periodEnd: null }, { periodEnd: { gt: now } }] }],
    },
    orderBy: { id: 'asc' },
    take: MOST_READ,
  })
  return rows
    .map(({ id, exceededAt, isHard, spentMicroUsd, limitMicroUsd }) => ({
      scope: id,
      is_used_up: exceededAt !== null,
      is_hard: isHard,
      percent: limitMicroUsd === 0n ? 100 : Number((100n * spentMicroUsd) / limitMicroUsd),
    }))
    .sort((a, b) => Number(b.is_used_up) - Number(a.is_used_up) || b.percent - a.percent)
    .slice(0, MOST_NAMED)
}

/** What is spent against the tenant's budget; without one, or the right to see it, what this month has cost. */
export const moneyOf = async (scope: Scope): Promise<Money> => {
  const [month, budget, near] = await Promise.all([usage(scope, {}), tenantBudget(scope), crossed(scope)])
  return {
    month_micro_usd: month.total_cost_micro_usd,
    budget:
      budget === null
        ? null
        : {
            spent_micro_usd: budget.spent_micro_usd,
            reserved_micro_usd: budget.reserved_micro_usd,
            budget_micro_usd: budget.budget_micro_usd,
            alert_threshold: budget.alert_threshold,
            hard_limit: budget.hard_limit,
            period_end: budget.period_end,
          },
    crossed: near,
  }
}

const nameOf = (scope: string): string => (scope === 'tenant' ? 'the whole tenant' : scope.replace(':', ' '))

// A hard limit that is used up refuses runs; any other is a warning.
export const moneyHeadlines = ({ crossed: near }: Money): Headline[] =>
  near.map(({ scope, is_used_up: isUsedUp, is_hard: isHard, percent }) =>
    headline(
      isUsedUp && isHard ? 'error' : 'attention',
      isUsedUp
        ? `The budget of ${nameOf(scope)} is used up`
        : `${percent} % of the budget of ${nameOf(scope)} is spent`,
      `${PLACE}?peek=${encodeURIComponent(scope)}`,
      isUsedUp && isHard ? 'Its runs are refused' : null,
    ),
  )
