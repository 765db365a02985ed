import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'
import { giveBackWrites, settleWrites } from '@/lib/governance'
import { exportWrites } from '@/lib/otlp'
import { addUsage, NO_USAGE, type Usage } from '@/lib/shared/chat'
import { microUsd, plus } from '@/lib/shared/money'
import { endWrites } from '@/lib/tracing'
import { findPaused } from './pause-sql'

const openLines = readStatement(`SELECT "id", "state", "reservedMicroUsd", "costMicroUsd",
    "inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens" FROM "LedgerEntry"
  WHERE "tenantId" = :tenant AND "traceId" = :id`)
const findRun = readStatement(`SELECT "startedAt", "provider", "model", "workspaceId", "executionId" FROM "Trace"
  WHERE "tenantId" = :tenant AND "id" = :id AND "status" = 'running'`)
const findSteps = readStatement(`SELECT COUNT(*) AS "steps", MAX("seq") AS "last",
    SUM(CASE "type" WHEN 'tool_call' THEN 1 ELSE 0 END) AS "tools"
  FROM "TraceStep" WHERE "tenantId" = :tenant AND "traceId" = :id`)
const findHash = readStatement(`SELECT "stepHash" FROM "TraceStep"
  WHERE "tenantId" = :tenant AND "traceId" = :id ORDER BY "seq" DESC LIMIT 1`)

const usageIn = (line: Record<string, unknown>): Usage => ({
  input: Number(line['inputTokens']),
  output: Number(line['outputTokens']),
  cacheRead: Number(line['cacheReadTokens']),
  cacheWrite: Number(line['cacheWriteTokens']),
})

const isKept = async (scope: Scope, id: string): Promise<boolean> => (await scope.rows(findPaused, { id })).length > 0

const MESSAGE = 'The server that ran it stopped before it ended.'

// A run whose server died. What was held for it may have been spent, so it counts as spent, and is marked as a guess.
export const endInterrupted = async (scope: Scope, id: string): Promise<boolean> => {
  // A run that went on after a pause is taken up again instead: nothing of it is lost.
  if (await isKept(scope, id)) return false
  const [[row], lines, [counts], [hash]] = await Promise.all([
    scope.rows(findRun, { id }),
    scope.rows(openLines, { id }),
    scope.rows(findSteps, { id }),
    scope.rows(findHash, { id }),
  ])
  if (!row) return false
  const held = lines.filter((line) => line['state'] === 'reserved')
  const amount = (line: Record<string, unknown>) =>
    microUsd(Number(line['state'] === 'reserved' ? line['reservedMicroUsd'] : line['costMicroUsd']))
  const settlements = held.map((line) => ({
    id: String(line['id']),
    state: 'expired' as const,
    cost: amount(line),
    usage: NO_USAGE,
    isEstimated: true,
  }))
  const cost = plus(...lines.map(amount))
  const workspaceId = String(row['workspaceId'])
  const data = { status: 'error', code: 'interrupted', execution_id: row['executionId'], cost_micro_usd: cost }
  const { applied } = await scope.command({
    audit: [{ event: 'agent_execution_failed', entityId: id, traceId: id, workspaceId, data }],
    writes: [
      ...settleWrites(scope, settlements),
      ...endWrites(scope, {
        id,
        status: 'error',
        stopReason: null,
        startedAt: dateOf(Date.parse(String(row['startedAt']))),
        provider: String(row['provider']),
        model: String(row['model']),
        usage: lines.map(usageIn).reduce(addUsage, NO_USAGE),
        cost,
        isEstimated: held.length > 0,
        stepCount: Number(counts?.['steps'] ?? 0),
        toolCallCount: Number(counts?.['tools'] ?? 0),
        lastStepHash: hash ? String(hash['stepHash']) : null,
        failure: { code: 'interrupted', message: MESSAGE },
        taskId: null,
        delivery: 'none',
        isSuppressed: false,
        outcome: { message: '', tool_calls: [] },
      }),
      ...exportWrites(id),
    ],
  })
  return applied
}

type Hold = { id: string; amount: bigint; isGrant: boolean }

// A hold whose run has ended without it: nobody will settle it any more. What an agent that runs elsewhere spent of its
// grant it has told, or still tells, on lines of its own.
export const expireHold = async (scope: Scope, hold: Hold): Promise<void> => {
  if (hold.isGrant) {
    await scope.command({ audit: [], writes: giveBackWrites(scope, hold.id) })
    return
  }
  const cost = microUsd(hold.amount)
  const line = { id: hold.id, state: 'expired', cost, usage: NO_USAGE, isEstimated: true } as const
  await scope.command({ audit: [], writes: settleWrites(scope, [line]) })
}
