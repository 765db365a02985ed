import type { CommandWrite } from '@/lib/core/writer'
import { exportWrites } from '@/lib/otlp'
import type { ModelRef } from '@/lib/providers'
import { Problem } from '@/lib/shared/problem'
import { correctionWrites, type Delivery, endWrites, type TraceEnd } from '@/lib/tracing'
import { endRiskOf, riskAfter } from './risk-of-run'
import type { Run } from './run'

export type Ending = {
  status: TraceEnd['status']
  stopReason: string | null
  model: ModelRef
  failure: { code: string; message: string } | null
  taskId: string | null
  delivery: Delivery
  isSuppressed: boolean
  outcome: object
}

// Commit B: what was spent, what was said and what was done, before anybody hears of it.
export const endRun = async (run: Run, ending: Ending, more: readonly CommandWrite[] = []): Promise<void> => {
  run.meter.dropHolds()
  const { usage, cost, isEstimated } = run.meter.totals()
  if (ending.failure) run.chain.add('error', run.scope.clock.now(), 0, { ...ending.failure, recoverable: false })
  const risk = await riskAfter(run, ending.outcome)
  run.audit({
    event: ending.status === 'success' ? 'agent_execution_completed' : 'agent_execution_failed',
    data: {
      kind: run.kind,
      execution_id: run.executionId,
      status: ending.status,
      stop_reason: ending.stopReason,
      model: ending.model.name,
      cost_micro_usd: cost,
      input_tokens: usage.input + usage.cacheRead + usage.cacheWrite,
      output_tokens: usage.output,
      usage_estimated: isEstimated,
      tool_calls: run.toolCallCount,
      delivery: ending.delivery,
      ...(risk ? { risk_score: risk.score, risk_level: risk.level } : {}),
      ...(ending.failure ? { code: ending.failure.code } : {}),
    },
  })
  const last = endWrites(run.scope, {
    id: run.traceId,
    status: ending.status,
    stopReason: ending.stopReason,
    startedAt: run.startedAt,
    provider: ending.model.provider,
    model: ending.model.id,
    usage,
    cost,
    isEstimated,
    stepCount: run.chain.count(),
    toolCallCount: run.toolCallCount,
    lastStepHash: run.chain.lastHash(),
    failure: ending.failure,
    taskId: ending.taskId,
    delivery: ending.delivery,
    isSuppressed: ending.isSuppressed,
    outcome: risk ? { ...ending.outcome, risk } : ending.outcome,
    ...(risk ? { risk: endRiskOf(risk) } : {}),
  })
  run.end()
  const told = exportWrites(run.traceId)
  const closing = run.durable?.closing() ?? []
  if (await run.flush([], [...last, ...told, ...closing, ...more])) return
  // It counts as interrupted already. What it really cost is told all the same.
  await run.flush(
    [],
    [...correctionWrites(run.traceId, usage, cost, isEstimated, risk ? endRiskOf(risk) : undefined), ...told],
  )
  throw new Problem('version_conflict', 'The run was ended by somebody else.')
}
