import { redactText } from '@/lib/core/redact'
import type { MutateDb, Scope } from '@/lib/core/scope'
import { usdOf } from '@/lib/shared/money'
import type { BudgetChange } from '../contract/budget'
import { type BudgetRules, changed } from './budget-change'
import { subjectOf } from './budget-key'
import { type BudgetRow, readBudgets } from './budgets'
import { noBudget } from './get-budget'
import { isNear } from './judge'
import { presentBudget } from './present-budget'
import { assertMayChange } from './reach'
import { lockBudgets } from './sql-lock'
import { recount } from './sql-roll'

const told = (rules: BudgetRules | null) =>
  rules && {
    budget_usd: usdOf(rules.limitMicroUsd),
    hard_limit: rules.isHard,
    alert_threshold: rules.alertBasisPoints / 10_000,
    per_run_usd: rules.perRunMicroUsd === null ? null : usdOf(rules.perRunMicroUsd),
    period: rules.period,
    timezone: rules.timezone,
    period_start: rules.periodStart?.toISOString() ?? null,
    period_end: rules.periodEnd?.toISOString() ?? null,
  }

const placeOf = (key: string): { workspaceId?: string } => {
  const subject = subjectOf(key)
  const workspaceId = 'workspaceId' in subject ? subject.workspaceId : null
  return workspaceId === null ? {} : { workspaceId }
}

const findOne = (db: MutateDb, id: string) =>
  db.budget.findUnique({ where: { tenantId_id: { tenantId: db.tenantId, id } } })

// Nothing of the tenant's money moves between here and the commit, so what is counted is what there is.
const put = async (
  db: MutateDb,
  change: BudgetChange,
  now: Date,
): Promise<{ before: BudgetRow | null; row: BudgetRow }> => {
  const { tenantId } = db
  const id = change.scope
  await db.run(lockBudgets, [{}])
  const before = await findOne(db, id)
  const rules = changed(change, before, now)
  const where = { tenantId_id: { tenantId, id } }
  await db.budget.upsert({
    where,
    create: { tenantId, id, ...rules, createdAt: now, updatedAt: now },
    update: { ...rules, updatedAt: now },
  })
  await db.run(recount, [{ id }])
  const row = await db.budget.findUniqueOrThrow({ where })
  // What was told of the limits before is told again where these are reached.
  const isCalm = !isNear(row)
  return { before, row: isCalm ? await db.budget.update({ where, data: { warnedAt: null, exceededAt: null } }) : row }
}

export const setBudget = async (scope: Scope, change: BudgetChange) => {
  assertMayChange(scope, change.scope)
  await readBudgets(scope, [change.scope])
  const now = scope.clock.now()
  const why = change.justification ? { justification: redactText(change.justification) } : {}
  const { row } = await scope.mutate(
    {
      event: 'config_change',
      entityId: change.scope,
      ...placeOf(change.scope),
      data: ({ before, row: after }: { before: BudgetRow | null; row: BudgetRow }) => ({
        kind: 'budget',
        scope: change.scope,
        before: told(before),
        after: told(after),
        ...why,
      }),
    },
    (db) => put(db, change, now),
  )
  return { status: 'ok' as const, budget: presentBudget(row, now) }
}

export const deleteBudget = async (scope: Scope, query: { scope: string }) => {
  const id = query.scope
  assertMayChange(scope, id)
  await scope.mutate(
    {
      event: 'config_change',
      entityId: id,
      ...placeOf(id),
      data: (before: BudgetRow) => ({ kind: 'budget', scope: id, before: told(before), after: null }),
    },
    async (db) => {
      await db.run(lockBudgets, [{}])
      const before = (await findOne(db, id)) ?? noBudget(id)
      await db.budget.deleteMany({ where: { id } })
      await db.budgetPeriod.deleteMany({ where: { budgetId: id } })
      return before
    },
  )
  return { status: 'ok' as const, scope: id }
}
