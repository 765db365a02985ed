import { usdOf } from '@/lib/shared/money'
import { isProblemCode, PROBLEMS } from '@/lib/shared/problem'
import { toWireOrNull } from '@/lib/shared/time'
import type { TraceSummary } from './contract'
import { isOurs, listedTrust, unchecked } from './integrity'
import { isName } from './shown-name'
import type { TraceRow } from './trace-row'

export const WITHHELD = '[Sensitive content withheld]'

// The label that a run with a skill gets which nobody should use any more.
export const DEPRECATED_SKILL = 'deprecated_skill'

const INTERRUPTED = 'interrupted'

// What a provider says of a failure may quote the prompt, and others choose their own codes.
const errorOf = ({ error, errorCode, origin }: TraceRow, isOpen: boolean): string | null => {
  if (isOpen || error === null) return error
  if (errorCode === INTERRUPTED && isOurs(origin)) return error
  return errorCode !== null && isProblemCode(errorCode) ? PROBLEMS[errorCode].text : WITHHELD
}

const moneyOf = (row: TraceRow) => {
  const input = row.inputTokens + row.cacheReadTokens + row.cacheWriteTokens
  const totals = { total_tokens: input + row.outputTokens, total_cost: usdOf(row.costMicroUsd) }
  const micro = Number(row.costMicroUsd)
  return {
    usage: {
      input_tokens: input,
      output_tokens: row.outputTokens,
      cache_read_tokens: row.cacheReadTokens,
      cache_write_tokens: row.cacheWriteTokens,
      reasoning_tokens: row.reasoningTokens,
      ...totals,
      usage_estimated: row.usageEstimated,
    },
    cost: {
      model: row.model,
      total_cost: totals.total_cost,
      total_cost_micro_usd: micro,
      currency: 'USD' as const,
    },
    tokens: { input, output: row.outputTokens },
    ...totals,
    total_cost_micro_usd: micro,
  }
}

const countsOf = (row: TraceRow) => ({
  step_count: row.stepCount,
  span_count: row.spanCount,
  error_count: row.errorCount,
  tool_call_count: row.toolCallCount,
})

const nameOf = ({ name }: TraceRow, isOpen: boolean): string | null =>
  isOpen || name === null || isName(name) ? name : null

const namesOf = (row: TraceRow, isOpen: boolean) => ({
  id: row.id,
  execution_id: row.executionId,
  tenant_id: row.tenantId,
  workspace_id: row.workspaceId,
  environment: row.environment,
  origin: row.origin,
  name: nameOf(row, isOpen),
  kind: row.kind,
  user_id: row.userId,
  agent_role: row.agentRole,
  adapter_id: row.adapterId,
  session_key: row.sessionKey,
  workspace_hash: row.workspaceHash,
  pin_id: row.pinId,
  arm: row.arm as TraceSummary['arm'],
  prompt_source: row.promptSource,
  correlation_id: row.correlationId,
  provider: row.provider,
  model: row.model,
  task_id: row.taskId,
  message_id: row.messageId,
  document_id: row.documentId,
  replay_of: row.replayOf,
})

export type Beside = {
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  factors: readonly string[]
}

const stateOf = (row: TraceRow, beside: Beside, isOpen: boolean) => ({
  status: row.status as TraceSummary['status'],
  stop_reason: row.stopReason,
  error_code: row.errorCode,
  error: errorOf(row, isOpen),
  started_at: row.startedAt.toISOString(),
  completed_at: toWireOrNull(row.completedAt),
  duration_ms: row.durationMs,
  delivery: row.delivery as TraceSummary['delivery'],
  suppressed: row.suppressed,
  risk:
    row.riskScore === null || row.riskLevel === null
      ? null
      : { score: row.riskScore, level: row.riskLevel, factors: [...beside.factors] },
  skill_versions: JSON.parse(row.skillVersions) as Record<string, string>,
  deprecated_skill_used: Object.hasOwn(beside.labels, DEPRECATED_SKILL),
  labels: { ...beside.labels },
  annotations: { ...beside.annotations },
  storage: row.storage as TraceSummary['storage'],
  integrity: unchecked(row),
  trust_status: listedTrust(row),
})

// Added to one object: a spread of so many keys costs ten times as much, on every row of a list.
export const presentSummary = (row: TraceRow, beside: Beside, isOpen: boolean): TraceSummary =>
  Object.assign(namesOf(row, isOpen), moneyOf(row), countsOf(row), stateOf(row, beside, isOpen))
