import { agedRows, type DueRows } from '@/lib/core/aged-rows'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { countDecisions } from './store'

const isBefore = (column: string, until: string): string =>
  `("Decision"."${column}" IS NULL OR "Decision"."${column}" < ${until})`

const decisions = agedRows({
  name: 'governance.age-decisions',
  table: 'Decision',
  key: ['id'],
  oldest: 'createdAt',
  when: ({ until }) => `"Decision"."createdAt" < ${until} AND "Decision"."status" <> 'pending'
    AND ${isBefore('resolvedAt', until)} AND ${isBefore('expiresAt', until)} AND ${isBefore('usedAt', until)}
    AND NOT EXISTS (SELECT 1 FROM "PausedRun" p
      WHERE p."tenantId" = "Decision"."tenantId" AND p."traceId" = "Decision"."traceId")
    AND NOT EXISTS (SELECT 1 FROM "Execution" e WHERE e."tenantId" = "Decision"."tenantId"
      AND e."id" = "Decision"."executionId" AND e."expiresAt" >= ${until})`,
})

/** Those that are over: nobody waits for them or could use them, no paused run and no execution needs them. */
export const agedDecisions = (until: Date): DueRows => {
  const at = storedTime(until)
  return { ...decisions, times: { until: at, stale: at } }
}

/** Of those that are over now, the oldest beyond what the tenant keeps; null where it keeps them all. */
export const surplusDecisions = async (scope: Scope): Promise<DueRows | null> => {
  const kept = kernel().env.CLASPER_DECISION_MAX_ROWS
  if (kept === 0) return null
  const atMost = (await countDecisions(scope.db, {})) - kept
  return atMost > 0 ? { ...agedDecisions(scope.clock.now()), atMost } : null
}
