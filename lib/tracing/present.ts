import { usdOf } from '@/lib/shared/money'
import { isProblemCode, PROBLEMS } from '@/lib/shared/problem'
import type { Trace } from './contract'
import type { StoredTrace } from './store'

type Json = Record<string, unknown>

const WITHHELD = '[Sensitive content withheld]'

const parse = (text: string | null | undefined): Json => (text ? (JSON.parse(text) as Json) : {})
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])

const NAMELESS = '[withheld]'
const INTERRUPTED = 'interrupted'

// Models choose ids and names, also of tools that there are not.
const namesOf = (call: Json, at: number, known: ReadonlySet<string> | null) => {
  const name = String(call['name'])
  if (known === null) return { id: String(call['id']), name }
  return { id: String(at + 1), name: known.has(name) || known.has(String(call['alias'])) ? name : NAMELESS }
}

const offeredIn = (inputs: Json): ReadonlySet<string> =>
  new Set(listOf(inputs['tools']).flatMap((tool) => textOf(tool['name']) ?? []))

// `offered` is null for readers who see all.
const callOf = (
  call: Json,
  at: number,
  offered: ReadonlySet<string> | null,
): Trace['output']['tool_calls'][number] => ({
  ...namesOf(call, at, offered),
  ...(offered === null ? { arguments: call['arguments'], result: call['result'] } : {}),
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

// What a provider says of a failure may quote the prompt.
const BARE_CALL = [
  ...['model', 'provider', 'input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'cost'],
  ...['usage_estimated', 'has_tool_calls', 'attempt', 'attempt_id', 'retry_of', 'fallback', 'outcome', 'billable'],
  ...['finish_reason', 'status'],
]

const bareOf = (type: string, data: string): Json => {
  if (type !== 'llm_call') return { type, withheld: true }
  const all = parse(data)
  return Object.fromEntries(BARE_CALL.filter((key) => Object.hasOwn(all, key)).map((key) => [key, all[key]]))
}

const errorOf = ({ error, errorCode }: StoredTrace, isOpen: boolean): string | null => {
  if (isOpen || error === null) return error
  if (errorCode === INTERRUPTED) return error
  return errorCode !== null && isProblemCode(errorCode) ? PROBLEMS[errorCode].text : WITHHELD
}

const stepsOf = (row: StoredTrace, isOpen: boolean): Trace['steps'] =>
  row.steps.map((step) => ({
    type: step.type as Trace['steps'][number]['type'],
    timestamp: step.timestamp.toISOString(),
    duration_ms: step.durationMs,
    data: isOpen ? parse(step.data) : bareOf(step.type, step.data),
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
export const presentTrace = (row: StoredTrace, inputs: Json, isOpen: boolean): Trace => {
  const outcome = parse(row.content?.outcome)
  const offered = isOpen ? null : offeredIn(inputs)
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
      tool_calls: listOf(outcome['tool_calls']).map((call, at) => callOf(call, at, offered)),
    },
    steps: stepsOf(row, isOpen),
    ...moneyOf(row),
    redacted_prompt: shown(inputs['system_prompt']),
    error: errorOf(row, isOpen),
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
