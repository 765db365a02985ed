import type { ModelRef } from '@/lib/providers'
import { usdOf } from '@/lib/shared/money'
import type { Delivery } from '@/lib/tracing'
import type { RunReply } from './contract'
import type { Run } from './run'

export const usageOf = (run: Run): RunReply['usage'] => {
  const { usage, isEstimated } = run.meter.totals()
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output,
    total_tokens: prompt + usage.output,
    ...(isEstimated ? { usage_estimated: true } : {}),
  }
}

export const costOfRun = (run: Run, model: ModelRef): RunReply['cost'] => {
  const { usage, cost, inputCost } = run.meter.totals()
  return {
    model: model.id,
    input_tokens: usage.input + usage.cacheRead + usage.cacheWrite,
    output_tokens: usage.output,
    input_cost: usdOf(inputCost),
    output_cost: usdOf(Math.max(0, cost - inputCost)),
    total_cost: usdOf(cost),
    total_cost_micro_usd: cost,
    currency: 'USD',
  }
}

type Said = {
  model: ModelRef
  text: string
  taskId: string | null
  stopReason: RunReply['stop_reason']
  isSuppressed: boolean
  contextWarning?: string
  delivery: Delivery
}

export const replyOf = (run: Run, said: Said): RunReply => ({
  status: 'ok',
  task_id: said.taskId,
  trace_id: run.traceId,
  execution_id: run.executionId,
  response: said.text,
  usage: usageOf(run),
  cost: costOfRun(run, said.model),
  ...(said.contextWarning === undefined ? {} : { context_warning: said.contextWarning }),
  delivery: said.delivery,
  ...(said.isSuppressed ? { suppressed: true } : {}),
  stop_reason: said.stopReason,
  provider: said.model.provider,
})
