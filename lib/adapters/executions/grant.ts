import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { usdOf } from '@/lib/shared/money'
import { toWire } from '@/lib/shared/time'
import type { ExecutionBody, GrantedScope } from '../contract/execution'
import { microOf, type Room } from './room-for'

const LIFE_MS = 15 * 60_000

export type Bounds = Omit<GrantedScope, 'expires_at'>

/** At most what was asked for, what is registered and what the budgets leave. */
export const boundsFor = (body: ExecutionBody, { left }: Room): Bounds => {
  const most = kernel().env.CLASPER_EXECUTION_MAX_STEPS
  const wished = body.max_cost === undefined ? null : microOf(body.max_cost)
  const cost = wished === null ? left : left === null ? wished : Math.min(wished, left)
  return {
    capabilities: [...new Set(body.requested_capabilities)].sort(),
    max_steps: Math.min(body.max_steps ?? most, most),
    max_cost: cost === null ? null : usdOf(cost),
  }
}

export const livesUntil = (from: Date): Date => dateOf(from.getTime() + LIFE_MS)

export const grantFrom = (bounds: Bounds, from: Date): GrantedScope => ({
  ...bounds,
  expires_at: toWire(livesUntil(from)),
})
