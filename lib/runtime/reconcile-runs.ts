import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'
import { decisionsOfRun, expireDecisions, resumeWrite } from '@/lib/governance'
import { dropWrite } from './durable'
import { endPaused } from './end-paused'
import { openPaused } from './paused-state'

const MOST = 200
// A run that was paused or held lately is somebody's business already.
const SETTLED_MS = 60_000

const findIdle = readStatement(`SELECT "traceId", "attempts", "expiresAt", "state" FROM "PausedRun"
  WHERE "tenantId" = :tenant AND "pausedAt" <= :before AND ("leaseUntil" IS NULL OR "leaseUntil" <= :now)
  ORDER BY "pausedAt" LIMIT ${MOST}`)

const stored = (date: Date): string => date.toISOString().replace('Z', '+00:00')

const GIVEN_UP = {
  code: 'approval_expired',
  message: 'It waited too long for an approval, and nobody went on with it.',
}

const isUndecided = async (scope: Scope, traceId: string): Promise<boolean> => {
  const now = scope.clock.now()
  const rows = await decisionsOfRun(scope.db, traceId)
  return rows.some(({ status, expiresAt }) => status === 'pending' && (expiresAt === null || expiresAt > now))
}

// Its job may have been given up, or its server may have died in the middle: it is taken up again, up to its last hour.
const lookAfter = async (scope: Scope, row: Record<string, unknown>): Promise<boolean> => {
  const traceId = String(row['traceId'])
  if (await isUndecided(scope, traceId)) return false
  if (dateOf(row['expiresAt'] as string | Date) <= scope.clock.now()) {
    const state = openPaused(scope.tenantId, traceId, row['state'])
    const hold = { traceId, by: `reconcile:${scope.requestId}` }
    const ended = await endPaused(scope, hold, { status: 'error', failure: GIVEN_UP, state })
    // Its run is over or deleted: nobody would ever take it up.
    if (ended === 'gone') await scope.command({ audit: [], writes: [dropWrite(traceId)] })
    return ended === 'done'
  }
  const key = `${traceId}:again:${String(row['attempts'])}`
  await scope.command({ audit: [], writes: [resumeWrite(traceId, key)] })
  return true
}

/** What ran out of time ends, and runs whose decisions are all made go on. */
export const reconcileRuns = async (scope: Scope) => {
  const expired = await expireDecisions(scope)
  const now = scope.clock.now()
  const before = dateOf(now.getTime() - SETTLED_MS)
  const idle = await scope.rows(findIdle, { now: stored(now), before: stored(before) })
  let resumed = 0
  for (const row of idle) if (await lookAfter(scope, row)) resumed++
  return {
    checked_count: expired.checked + idle.length,
    resolved_count: expired.ids.length,
    resolved_decision_ids: expired.ids,
    resumed_count: resumed,
  }
}
