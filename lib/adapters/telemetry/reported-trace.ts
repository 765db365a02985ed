import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import type { ExternalTrace } from '@/lib/tracing'
import type { Payload, ReportedStep, ReportedTrace } from '../contract/ingest'
import type { CurrentAdapter } from '../current-adapter'
import type { ExecutionRow } from '../store'
import { timeIn } from './times'

const MOST = 2_147_483_647

const capped = (amounts: readonly number[]): number =>
  Math.min(
    MOST,
    amounts.reduce((sum, amount) => sum + amount, 0),
  )

const callsIn = (steps: readonly ReportedStep[]) =>
  steps.flatMap((step) => (step.type === 'llm_call' ? [step.data] : []))

const usageOf = ({ usage, steps }: ReportedTrace) => {
  const calls = callsIn(steps)
  return usage
    ? { input: usage.input_tokens, output: usage.output_tokens }
    : {
        input: capped(calls.map(({ input_tokens }) => input_tokens)),
        output: capped(calls.map(({ output_tokens }) => output_tokens)),
      }
}

const toolCallsOf = (steps: readonly ReportedStep[]) => {
  const results = new Map(
    steps.flatMap((step) => (step.type === 'tool_result' ? [[step.data.tool_call_id, step] as const] : [])),
  )
  return steps.flatMap((step) => {
    if (step.type !== 'tool_call') return []
    const result = results.get(step.data.tool_call_id)
    return [
      {
        id: step.data.tool_call_id,
        name: step.data.tool_name,
        arguments: step.data.arguments,
        result: result?.data.result ?? result?.data.error,
        duration_ms: result?.duration_ms ?? step.duration_ms,
        permitted: step.data.permitted,
        success: result?.data.success ?? false,
      },
    ]
  })
}

const failureOf = ({ status, error }: ReportedTrace): ExternalTrace['failure'] => {
  if (error === undefined || error === null)
    return status === 'error' ? { code: 'external_error', message: 'The agent reported a failure' } : null
  return typeof error === 'string'
    ? { code: 'external_error', message: error }
    : { code: 'external_error', message: error.message }
}

const spanOf = (scope: Scope, trace: ReportedTrace) => {
  const startedAt = timeIn(scope, trace.started_at, 'trace.started_at')
  const told = trace.completed_at === undefined ? null : timeIn(scope, trace.completed_at, 'trace.completed_at')
  const given = trace.duration_ms ?? (told === null ? 0 : told.getTime() - startedAt.getTime())
  const durationMs = Math.min(MOST, Math.max(0, given))
  return { startedAt, durationMs, completedAt: told ?? dateOf(startedAt.getTime() + durationMs) }
}

const stepsOf = (scope: Scope, steps: readonly ReportedStep[]): ExternalTrace['steps'] =>
  steps.map((step, at) => ({
    type: step.type,
    timestamp: timeIn(scope, step.timestamp, `trace.steps.${at}.timestamp`),
    durationMs: step.duration_ms,
    data: step.data,
  }))

type About = { adapter: CurrentAdapter; execution: ExecutionRow | null; environment: string; isSigned: boolean }

/** A trace as an agent told it, in our words. Its place is that of its execution; its cost is what the ledger says. */
export const traceOf = (
  scope: Scope,
  payload: Payload<'trace'>,
  { adapter, execution, environment, isSigned }: About,
): ExternalTrace => {
  const { trace } = payload
  const last = callsIn(trace.steps).at(-1)
  const calls = toolCallsOf(trace.steps)
  return {
    id: payload.trace_id.toLowerCase(),
    executionId: payload.execution_id,
    adapterId: adapter.id,
    name: trace.name ?? null,
    workspaceId: execution?.workspaceId ?? adapter.workspaceId,
    environment,
    kind: 'external',
    userId: trace.user_id ?? null,
    role: trace.agent_role ?? null,
    status: trace.status,
    ...spanOf(scope, trace),
    provider: trace.provider ?? last?.provider ?? '',
    model: trace.model ?? last?.model ?? '',
    usage: usageOf(trace),
    steps: stepsOf(scope, trace.steps),
    toolCallCount: calls.length,
    failure: failureOf(trace),
    risk: execution === null ? null : { score: execution.riskScore, level: execution.riskLevel },
    labels: trace.labels ?? {},
    trust: isSigned ? 'verified' : 'unverified',
    inputs: { message: trace.input?.message ?? null, tools: adapter.tools.map((name) => ({ name })) } as object,
    outcome: { message: trace.output?.message ?? null, tool_calls: calls },
  }
}
