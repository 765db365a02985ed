import { usdOf } from '@/lib/shared/money'
import type { Trace } from './contract'
import type { StoredTrace } from './store'

type Json = Record<string, unknown>

const WITHHELD = '[Sensitive content withheld]'

const parse = (text: string | null | undefined): Json => (text ? (JSON.parse(text) as Json) : {})
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])

const callOf = (call: Json, isOpen: boolean): Trace['output']['tool_calls'][number] => ({
  id: String(call['id']),
  name: String(call['name']),
  ...(isOpen ? { arguments: call['arguments'], result: call['result'] } : {}),
  duration_ms: Number(call['duration_ms'] ?? 0),
  permitted: call['permitted'] === true,
  success: call['success'] === true,
})

const riskOf = (row: StoredTrace, inputs: Json): Trace['risk'] => {
  const risk = inputs['risk'] as Json | undefined
  if (row.riskScore === null || row.riskLevel === null) return null
  return {
    score: row.riskScore,
    level: row.riskLevel,
    factors: risk?.['factors'] ?? {},
    inputs: risk?.['inputs'] ?? {},
  }
}

const stepsOf = (row: StoredTrace, isOpen: boolean): Trace['steps'] =>
  row.steps.map((step) => ({
    type: step.type as Trace['steps'][number]['type'],
    timestamp: step.timestamp.toISOString(),
    duration_ms: step.durationMs,
    data: isOpen || step.type === 'llm_call' ? parse(step.data) : { type: step.type, withheld: true },
    step_id: step.stepId,
    prev_step_hash: step.prevStepHash,
    step_hash: step.stepHash,
  }))

const moneyOf = (row: StoredTrace) => {
  const input = row.inputTokens + row.cacheReadTokens + row.cacheWriteTokens
  const cost = usdOf(row.costMicroUsd)
  return {
    usage: {
      input_tokens: input,
      output_tokens: row.outputTokens,
      cache_read_tokens: row.cacheReadTokens,
      cache_write_tokens: row.cacheWriteTokens,
      total_tokens: input + row.outputTokens,
      total_cost: cost,
      usage_estimated: row.usageEstimated,
    },
    cost: {
      model: row.model,
      total_cost: cost,
      total_cost_micro_usd: Number(row.costMicroUsd),
      currency: 'USD' as const,
    },
  }
}

// `isOpen` readers may see texts and payloads; for all others they never leave the server.
export const presentTrace = (row: StoredTrace, isOpen: boolean): Trace => {
  const inputs = parse(row.content?.inputs)
  const outcome = parse(row.content?.outcome)
  const shown = (value: unknown) => (isOpen ? textOf(value) : textOf(value) === null ? null : WITHHELD)
  return {
    id: row.id,
    execution_id: row.executionId,
    tenant_id: row.tenantId,
    workspace_id: row.workspaceId,
    environment: row.environment,
    kind: row.kind,
    user_id: row.userId,
    agent_role: row.agentRole,
    session_key: row.sessionKey,
    status: row.status as Trace['status'],
    stop_reason: row.stopReason,
    started_at: row.startedAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
    duration_ms: row.durationMs,
    workspace_hash: row.workspaceHash,
    prompt_source: row.promptSource,
    correlation_id: row.correlationId,
    provider: row.provider,
    model: row.model,
    input: { message: shown(inputs['message']), message_history: listOf(inputs['messages']).length },
    output: {
      message: shown(outcome['message']),
      tool_calls: listOf(outcome['tool_calls']).map((call) => callOf(call, isOpen)),
    },
    steps: stepsOf(row, isOpen),
    ...moneyOf(row),
    redacted_prompt: shown(inputs['system_prompt']),
    error: row.error,
    error_code: row.errorCode,
    task_id: row.taskId,
    message_id: row.messageId,
    document_id: row.documentId,
    delivery: row.delivery as Trace['delivery'],
    suppressed: row.suppressed,
    risk: riskOf(row, inputs),
    withheld: !isOpen,
  }
}
