import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { readDecision, revealWrites } from '@/lib/governance'
import type { RevealDecision } from '@/lib/governance/contract'
import { missing, Problem } from '@/lib/shared/problem'
import { findPaused } from './pause-sql'
import { openPaused } from './paused-state'

const gone = (): never => {
  throw new Problem(
    'not_found',
    'The exact arguments are no longer held: the call was done, refused, or ran out of time.',
  )
}

// What the run holds of the call, as the model said it.
const callIn = async (scope: Scope, traceId: string, decisionId: string) => {
  const [row] = await scope.rows(findPaused, { id: traceId })
  const state = row ? openPaused(scope.tenantId, traceId, row['state']) : null
  return state?.half?.waiting.find((call) => call.decisionId === decisionId) ?? gone()
}

/** The exact arguments of a call that waits, for a reason that stays with the reading. */
export const revealDecision = async (scope: Scope, wished: string, reason: RevealDecision) => {
  const found = await readDecision(scope, wished.toLowerCase())
  const row = found !== null && isInReach(scope, found) ? found : missing('decision', wished)
  const { id, traceId, workspaceId } = row
  if (traceId === null) return gone()
  const { call, tool } = await callIn(scope, traceId, id)
  const receipt = revealWrites(scope, { traceId, workspaceId, parts: ['arguments'], reason })
  const data = {
    by: 'decision',
    decision_id: id,
    reason_code: reason.reason_code,
    justification: scope.redaction.text(reason.justification),
    parts: ['arguments'],
  }
  await scope.command({
    audit: [{ event: 'trace_revealed', entityId: id, traceId, workspaceId, data }],
    writes: receipt.writes,
  })
  return { decision_id: id, tool, arguments: call.arguments }
}
