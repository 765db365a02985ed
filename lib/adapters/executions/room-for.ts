import type { Scope } from '@/lib/core/scope'
import { budgetsOf, type Payer, refusalAmong } from '@/lib/governance'
import { type MicroUsd, microUsd, usdOf } from '@/lib/shared/money'

export const microOf = (usd: number): MicroUsd => microUsd(Math.round(usd * 1_000_000))

type Refusal = NonNullable<ReturnType<typeof refusalAmong>>

export type Room = {
  refusal: { code: Refusal['code']; scope: string; explanation: string } | null
  // The least that is left in any hard budget; null where none bounds it.
  left: MicroUsd | null
}

type Budget = Awaited<ReturnType<typeof budgetsOf>>[number]

const leftIn = (budget: Budget): number[] => {
  const [limit, spent, reserved] = [budget.limitMicroUsd, budget.spentMicroUsd, budget.reservedMicroUsd].map(Number)
  const rest = Math.max(0, (limit ?? 0) - (spent ?? 0) - (reserved ?? 0))
  const ofRun = budget.perRunMicroUsd === null ? [] : [Number(budget.perRunMicroUsd)]
  return [...(budget.isHard ? [rest] : []), ...ofRun]
}

// Where nothing is left, also what is said to cost nothing does not begin.
const LEAST = 1

/** Whether an execution fits its budgets, as they stand now. Whether it still does when it is stored, its hold says. */
export const roomFor = async (scope: Scope, payer: Payer, estimate: number): Promise<Room> => {
  const budgets = await budgetsOf(scope, payer)
  const refusal = refusalAmong(budgets, Math.max(LEAST, estimate), scope.clock.now())
  const left = budgets.flatMap(leftIn)
  return {
    left: left.length === 0 ? null : microUsd(Math.min(...left)),
    refusal: refusal && {
      code: refusal.code,
      scope: refusal.scope,
      explanation: `The budget of ${refusal.scope} has no room: ${usdOf(refusal.spent + refusal.reserved)} of ${usdOf(refusal.limit)} USD are used or held`,
    },
  }
}
