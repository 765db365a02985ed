import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { ADAPTER_ORIGIN } from './integrity'
import { stepWrites } from './record-run'
import { storeInputs, type TraceInputs } from './recorded'
import { redactOutcome } from './redact-once'
import { addToRollup, durationBucketOf, takeFromRollup } from './rollup'
import { insertContent, insertLabels, setOutcome } from './sql'
import { countExternalCost, insertExternalTrace, lockExternal, markViolated } from './sql-external'
import { textOfRun } from './sql-text'
import { createStepChain, type StepType } from './step-chain'

// A run of an agent that runs elsewhere: what it told of itself, or what was seen here of one that was blocked.
export type ExternalTrace = {
  id: string
  executionId: string
  adapterId: string
  name: string | null
  workspaceId: string
  environment: string
  kind: 'external' | 'blocked'
  userId: string | null
  role: string | null
  status: 'success' | 'error' | 'timeout' | 'cancelled'
  startedAt: Date
  completedAt: Date
  durationMs: number
  provider: string
  model: string
  usage: { input: number; output: number }
  steps: readonly { type: StepType; timestamp: Date; durationMs: number; data: object }[]
  toolCallCount: number
  failure: { code: string; message: string } | null
  risk: { score: number; level: string } | null
  labels: Readonly<Record<string, string>>
  // platform where we saw it ourselves; verified or unverified where it was told.
  trust: 'platform' | 'verified' | 'unverified'
  inputs: TraceInputs
  outcome: object
}

const rowOf = (scope: Scope, trace: ExternalTrace, last: string | null): object => ({
  id: trace.id,
  origin: ADAPTER_ORIGIN,
  name: trace.name === null ? null : scope.redaction.text(trace.name),
  execution: trace.executionId,
  workspace: trace.workspaceId,
  environment: trace.environment,
  kind: trace.kind,
  actor: scope.actor,
  user: trace.userId,
  role: trace.role,
  status: trace.status,
  started: storedTime(trace.startedAt),
  completed: storedTime(trace.completedAt),
  ms: trace.durationMs,
  bucket: durationBucketOf(trace.durationMs),
  prompt_source: 'external',
  provider: trace.provider,
  model: trace.model,
  input: trace.usage.input,
  output: trace.usage.output,
  estimated: false,
  steps: trace.steps.length,
  errors: trace.steps.filter(({ type }) => type === 'error').length,
  tools: trace.toolCallCount,
  last_hash: last,
  error_code: trace.failure?.code ?? null,
  error: trace.failure ? scope.redaction.text(trace.failure.message) : null,
  risk_score: trace.risk?.score ?? null,
  risk_level: trace.risk?.level ?? null,
  adapter: trace.adapterId,
  trust: trace.trust,
})

/** The first of all writes about one trace of an external agent, and after those that lock money. */
export const externalTurn = (traceId: string): CommandWrite => ({
  statement: lockExternal,
  rows: [{ trace: traceId }],
  guard: true,
})

/** What the ledger and the reports say of a trace, counted anew; nothing where it is not there yet. */
export const externalCostWrites = (traceId: string): CommandWrite[] => [
  takeFromRollup(traceId),
  { statement: countExternalCost, rows: [{ trace: traceId }] },
  addToRollup(traceId),
]

export const violationWrite = (traceId: string): CommandWrite => ({
  statement: markViolated,
  rows: [{ trace: traceId }],
})

/**
 * The whole trace, as rows for one command that is refused where the id is taken. The steps get a chain of hashes of
 * our own: it proves that they are still what came in, not that they are true.
 */
export const externalTraceWrites = (
  scope: Scope,
  trace: ExternalTrace,
): { writes: CommandWrite[]; committed(): void } => {
  const chain = createStepChain(scope.redaction)
  for (const step of trace.steps) chain.add(step.type, step.timestamp, step.durationMs, step.data)
  const inputs = storeInputs(scope, trace.id, trace.inputs)
  const outcome = JSON.stringify(redactOutcome(scope.redaction, trace.outcome))
  const started = storedTime(trace.startedAt)
  const labels = Object.entries(scope.redaction.value(trace.labels) as Record<string, string>)
  return {
    writes: [
      { statement: insertExternalTrace, rows: [rowOf(scope, trace, chain.lastHash())], guard: true },
      { statement: insertContent, rows: [{ trace: trace.id, inputs: inputs.text }] },
      ...inputs.writes,
      { statement: setOutcome, rows: [{ trace: trace.id, outcome }] },
      ...stepWrites(trace.id, chain.take()),
      ...(labels.length === 0
        ? []
        : [
            { statement: insertLabels, rows: labels.map(([key, value]) => ({ trace: trace.id, key, value, started })) },
          ]),
      { statement: textOfRun, rows: [{ trace: trace.id }] },
      { statement: countExternalCost, rows: [{ trace: trace.id }] },
      violationWrite(trace.id),
      addToRollup(trace.id),
    ],
    committed: inputs.committed,
  }
}
