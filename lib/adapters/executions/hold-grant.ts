import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { reserveWrites } from '@/lib/governance'
import { microUsd } from '@/lib/shared/money'
import { livesUntil } from './grant'
import { microOf } from './room-for'

type Grant = {
  // Of the decision that granted it: one line of the ledger for each.
  decisionId: string
  adapterId: string
  workspaceId: string
  environment: string
  // The dearest that the agent said it may become, in millionths; null where it said nothing.
  wished: number | null
  // In USD, as it was granted.
  maxCost: number | null
}

/**
 * Held from the grant until its trace comes or its time is over, so that no two are granted the same money. Guarded:
 * where it does not fit any more, nothing is granted. Who names no cost holds none: that would be all there is.
 */
export const holdWrites = (scope: Scope, grant: Grant, from: Date): CommandWrite[] => {
  const { decisionId, adapterId, workspaceId, environment, wished, maxCost } = grant
  const amount = microUsd(Math.min(wished ?? 0, maxCost === null ? Number.POSITIVE_INFINITY : microOf(maxCost)))
  if (amount === 0) return []
  const payer = { workspaceId, environment, role: null, userId: null }
  const about = { kind: 'external', provider: '', model: '', priceVersion: 'given', leaseUntil: livesUntil(from) }
  return reserveWrites(scope, [{ id: decisionId, traceId: null, adapterId, ...payer, ...about, amount }])
}
