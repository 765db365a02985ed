import type { Scope } from '@/lib/core/scope'
import { chargeWrites, drawWrites, giveBackWrites, ledgerUnreadable, moneyTurn } from '@/lib/governance'
import { NO_USAGE } from '@/lib/shared/chat'
import { uuidv7 } from '@/lib/shared/id'
import { externalCostWrites, externalTraceWrites, externalTurn, violationWrite } from '@/lib/tracing'
import type { Payload } from '../contract/ingest'
import { environmentFor } from '../current-adapter'
import { microOf } from '../executions/room-for'
import { lateOf, outsideOf, overCostOf, overtaken, seenIn } from './beyond-bounds'
import { type Booking, ingest, type Taken } from './ingest'
import { traceOf } from './reported-trace'
import { timeIn } from './times'
import { unprovenTools } from './tool-proof'

const bookTrace = async (scope: Scope, taken: Taken<'trace'>): Promise<Booking> => {
  const { adapter, execution, payload, evidence, traceId } = taken
  const environment = execution?.environment ?? (await environmentFor(scope, adapter, payload.trace.environment))
  const draft = traceOf(scope, payload, { adapter, execution, environment, isSigned: evidence === 'signed' })
  const unproven = await unprovenTools(scope, adapter.id, payload)
  const message = `Called without an authorization of this platform: ${unproven.join(', ').slice(0, 500)}`
  const seen = seenIn(scope, taken, [
    ...(await outsideOf(scope, taken)),
    ...lateOf(draft.startedAt, taken),
    ...(unproven.length === 0 ? [] : [{ type: 'tool_without_authorization' as const, message }]),
  ])
  const { writes, committed } = externalTraceWrites(scope, draft)
  const facts = { status: draft.status, steps: draft.steps.length, tool_calls: draft.toolCallCount }
  return {
    event: 'adapter_trace_ingested',
    occurredAt: draft.startedAt,
    data: facts,
    facts: { ...facts, trust: draft.trust, unauthorized_tools: unproven.length },
    turns: [moneyTurn, externalTurn(traceId)],
    // It is over: what it cost is charged, told by now or not, and nothing more is held for it.
    writes: [...seen.writes, ...writes, ...(execution === null ? [] : giveBackWrites(scope, execution.decisionId))],
    audits: seen.audits,
    used: { steps: draft.steps.length },
    committed,
  }
}

export const ingestTrace = (scope: Scope, sent: object) =>
  ingest(scope, sent, 'trace', (taken) => bookTrace(scope, taken))

export const ingestAudit = (scope: Scope, sent: object) =>
  ingest(scope, sent, 'audit', ({ payload }) => {
    const { event_type, message, event_data } = payload
    return {
      event: 'adapter_audit_event',
      occurredAt: timeIn(scope, payload.occurred_at, 'occurred_at'),
      data: { event_type, message: message ?? null, event_data: event_data ?? null },
      facts: { reported_event: event_type, occurred_at: payload.occurred_at },
    }
  })

const tokensOf = (tokens: Payload<'cost'>['tokens']) => {
  if (tokens === undefined) return NO_USAGE
  if (typeof tokens === 'number') return { ...NO_USAGE, input: tokens }
  return { ...NO_USAGE, input: tokens.input, output: tokens.output }
}

const bookCost = async (scope: Scope, taken: Taken<'cost'>): Promise<Booking> => {
  const { adapter, execution, payload, traceId } = taken
  const cost = microOf(payload.cost_usd)
  const over = overCostOf(execution, cost)
  const seen = seenIn(scope, taken, [...(await outsideOf(scope, taken)), ...over])
  return {
    event: 'adapter_cost_ingested',
    occurredAt: timeIn(scope, payload.recorded_at, 'recorded_at'),
    data: { cost_usd: payload.cost_usd, tokens: payload.tokens ?? null, model: payload.model ?? null },
    facts: { cost_micro_usd: cost, is_over: over.length > 0 },
    turns: [moneyTurn, externalTurn(traceId)],
    writes: [
      ...chargeWrites(scope, {
        id: uuidv7(scope.clock.now().getTime()),
        kind: 'external',
        traceId,
        adapterId: adapter.id,
        workspaceId: execution?.workspaceId ?? adapter.workspaceId,
        environment: execution?.environment ?? (await environmentFor(scope, adapter, undefined)),
        role: null,
        userId: null,
        provider: payload.provider ?? '',
        model: payload.model ?? '',
        cost,
        usage: tokensOf(payload.tokens),
      }),
      ...(execution === null ? [] : drawWrites(execution.decisionId, cost)),
      ...externalCostWrites(traceId),
      ...seen.writes,
      ...seen.marks,
    ],
    audits: seen.audits,
    used: { cost },
    ...(over.length === 0 ? { committed: () => overtaken(scope, taken) } : {}),
  }
}

export const ingestCost = (scope: Scope, sent: object) =>
  ingest(scope, sent, 'cost', (taken) => bookCost(scope, taken)).catch(ledgerUnreadable)

const bookMetrics = async (scope: Scope, taken: Taken<'metrics'>): Promise<Booking> => {
  const { execution, payload, traceId } = taken
  const isOver = execution !== null && payload.step_count > execution.maxSteps
  const message = `${payload.step_count} steps were taken of the ${execution?.maxSteps ?? 0} that were granted`
  const seen = seenIn(scope, taken, [
    ...(await outsideOf(scope, taken)),
    ...(isOver ? [{ type: 'steps_exceeded' as const, message }] : []),
  ])
  const { step_count, duration_ms } = payload
  return {
    event: 'adapter_metrics_ingested',
    occurredAt: timeIn(scope, payload.recorded_at, 'recorded_at'),
    data: { step_count, duration_ms },
    facts: { step_count, duration_ms, is_over: isOver },
    turns: [moneyTurn, externalTurn(traceId)],
    writes: [...seen.writes, ...seen.marks],
    audits: seen.audits,
    used: { steps: step_count },
  }
}

export const ingestMetrics = (scope: Scope, sent: object) =>
  ingest(scope, sent, 'metrics', (taken) => bookMetrics(scope, taken))

export const ingestViolations = (scope: Scope, sent: object) =>
  ingest(scope, sent, 'violations', ({ payload, traceId }) => {
    const { violation_type, message, data } = payload
    return {
      event: 'adapter_violation_reported',
      occurredAt: timeIn(scope, payload.occurred_at, 'occurred_at'),
      data: { violation_type, message, data: data ?? null },
      facts: { violation_type, occurred_at: payload.occurred_at },
      turns: [moneyTurn, externalTurn(traceId)],
      writes: [violationWrite(traceId)],
    }
  })
