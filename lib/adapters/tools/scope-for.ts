import { usdOf } from '@/lib/shared/money'
import type { AuthorizeBody, ToolScope } from '../contract/tool'
import { grantedIn } from '../present'
import type { ExecutionRow } from '../store'

const least = (...amounts: (number | null | undefined)[]): number | null => {
  const known = amounts.filter((amount) => typeof amount === 'number')
  return known.length === 0 ? null : Math.min(...known)
}

/** What is left of the bounds of an execution; null where nothing is. */
export const leftOf = (row: ExecutionRow): ToolScope | null => {
  const granted = grantedIn(row.grantedScope)
  if (granted === null) return null
  const steps = row.maxSteps - row.usedSteps
  const cost = row.maxCostMicroUsd === null ? null : Number(row.maxCostMicroUsd - row.costMicroUsd)
  if (steps <= 0 || (cost !== null && cost < 0)) return null
  return { capabilities: granted.capabilities, max_steps: steps, max_cost: cost === null ? null : usdOf(cost) }
}

export type Scoped = { scope: ToolScope } | { beyond: string[] }

/** What was asked for, as far as the execution has it; a capability that it has not refuses the whole. */
export const scopeFor = (wished: AuthorizeBody['requested_scope'], left: ToolScope): Scoped => {
  const capabilities = [...new Set(wished?.capabilities ?? left.capabilities)].sort()
  const beyond = capabilities.filter((name) => !left.capabilities.includes(name))
  if (beyond.length > 0) return { beyond }
  return {
    scope: {
      capabilities,
      max_steps: Math.min(wished?.max_steps ?? left.max_steps, left.max_steps),
      max_cost: least(wished?.max_cost, left.max_cost),
    },
  }
}
