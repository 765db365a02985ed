import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import type { Usage } from '@/lib/shared/chat'
import type { MicroUsd } from '@/lib/shared/money'
import { addFacts, addOwnFacts, type OwnFact, takeFacts } from './fact-rollup'
import { DEPRECATED_SKILL } from './present-summary'
import { storeInputs, type TraceInputs } from './recorded'
import { redactOutcome } from './redact-once'
import { addToRollup, durationBucketOf, takeFromRollup } from './rollup'
import {
  correctTrace,
  endTrace,
  insertContent,
  insertLabels,
  insertSteps,
  insertTrace,
  setDelivery,
  setOutcome,
  setRisk,
} from './sql'
import { MOST_TEXT, putText, textOfRun } from './sql-text'
import type { Step } from './step-chain'

export type RunKind = 'send' | 'stream' | 'compact' | 'llm_task' | 'replay' | 'eval' | 'skill_test'

export type TraceStart = {
  id: string
  executionId: string
  workspaceId: string
  environment: string
  kind: RunKind
  userId: string | null
  role: string | null
  sessionKey: string | null
  startedAt: Date
  leaseUntil: Date
  workspaceHash: string | null
  promptSource: string
  provider: string
  model: string
  risk: { score: number; level: string } | null
  // What an environment gave it.
  pinId?: string | null
  arm?: string | null
  skillVersions?: Readonly<Record<string, string>>
  // Of these, those that nobody should use any more.
  deprecatedSkills?: readonly string[]
  // The trace that this run repeats.
  replayOf?: string
  // Everything that the run was given: what a replay needs to give it again.
  inputs: TraceInputs
}

export type EndRisk = { score: number; level: string; facts: readonly OwnFact[] }

export type TraceEnd = {
  id: string
  status: 'success' | 'error' | 'timeout' | 'cancelled'
  stopReason: string | null
  startedAt: Date
  provider: string
  model: string
  usage: Usage
  cost: MicroUsd
  isEstimated: boolean
  stepCount: number
  toolCallCount: number
  lastStepHash: string | null
  failure: { code: string; message: string } | null
  taskId: string | null
  delivery: Delivery
  isSuppressed: boolean
  outcome: object
  // As it is now that all is known; left out where nobody knows more than at the start.
  risk?: EndRisk
}

export type Delivery = 'posted' | 'pending' | 'suppressed' | 'none' | 'refused'

const MOST_LABEL = 1_000

const sessionOf = (scope: Scope, key: string | null): string | null => (key === null ? null : scope.redaction.text(key))

const rowOf = (scope: Scope, start: TraceStart): object => ({
  id: start.id,
  origin: start.replayOf === undefined ? 'run' : 'replay',
  replay_of: start.replayOf ?? null,
  execution: start.executionId,
  workspace: start.workspaceId,
  environment: start.environment,
  kind: start.kind,
  actor: scope.actor,
  user: start.userId,
  role: start.role,
  session: sessionOf(scope, start.sessionKey),
  status: 'running',
  started: storedTime(start.startedAt),
  lease: storedTime(start.leaseUntil),
  hash: start.workspaceHash,
  prompt_source: start.promptSource,
  correlation: scope.correlationId === undefined ? null : scope.redaction.text(scope.correlationId),
  provider: start.provider,
  model: start.model,
  risk_score: start.risk?.score ?? null,
  risk_level: start.risk?.level ?? null,
  skills: JSON.stringify(start.skillVersions ?? {}),
  pin: start.pinId ?? null,
  arm: start.arm ?? null,
})

const labelsOf = ({ id, replayOf, deprecatedSkills = [], startedAt }: TraceStart): CommandWrite[] => {
  const labels = [
    ...(replayOf === undefined ? [] : [['replay_of', replayOf]]),
    ...(deprecatedSkills.length === 0 ? [] : [[DEPRECATED_SKILL, deprecatedSkills.join(', ').slice(0, MOST_LABEL)]]),
  ]
  const rows = labels.map(([key, value]) => ({ trace: id, key, value, started: storedTime(startedAt) }))
  return rows.length === 0 ? [] : [{ statement: insertLabels, rows }]
}

// `committed` is called once these are in the database.
export const startWrites = (scope: Scope, start: TraceStart): { writes: CommandWrite[]; committed(): void } => {
  const inputs = storeInputs(scope, start.id, start.inputs)
  return {
    writes: [
      { statement: insertTrace, rows: [rowOf(scope, start)] },
      { statement: insertContent, rows: [{ trace: start.id, inputs: inputs.text }] },
      ...inputs.writes,
      ...labelsOf(start),
    ],
    committed: inputs.committed,
  }
}

// Also used for what others sent: the texts are redacted already.
export const textWrite = (traceId: string, text: string): CommandWrite => ({
  statement: putText,
  rows: [{ trace: traceId, text: text.slice(0, MOST_TEXT) }],
})

export const stepWrites = (traceId: string, steps: readonly Step[]): CommandWrite[] =>
  steps.length === 0
    ? []
    : [
        {
          statement: insertSteps,
          rows: steps.map((step) => ({
            trace: traceId,
            seq: step.seq,
            step: step.id,
            type: step.type,
            at: storedTime(step.timestamp),
            ms: step.durationMs,
            data: step.data,
            prev: step.prevHash,
            hash: step.hash,
          })),
        },
      ]

const riskWrites = (id: string, risk: EndRisk | undefined): CommandWrite[] =>
  risk === undefined ? [] : [{ statement: setRisk, rows: [{ id, score: risk.score, level: risk.level }] }]

// Guarded: a run that was ended by somebody else meanwhile is not ended again.
export const endWrites = (scope: Scope, end: TraceEnd): CommandWrite[] => {
  const now = scope.clock.now()
  const ms = Math.max(0, now.getTime() - end.startedAt.getTime())
  const row = {
    id: end.id,
    status: end.status,
    stop: end.stopReason,
    completed: storedTime(now),
    ms,
    bucket: durationBucketOf(ms),
    provider: end.provider,
    model: end.model,
    input: end.usage.input,
    output: end.usage.output,
    cache_read: end.usage.cacheRead,
    cache_write: end.usage.cacheWrite,
    cost: end.cost,
    estimated: end.isEstimated,
    steps: end.stepCount,
    tools: end.toolCallCount,
    last_hash: end.lastStepHash,
    error_code: end.failure?.code ?? null,
    error: end.failure ? scope.redaction.text(end.failure.message) : null,
    task: end.taskId,
    delivery: end.delivery,
    suppressed: end.isSuppressed,
  }
  return [
    { statement: endTrace, rows: [row], guard: true },
    ...riskWrites(end.id, end.risk),
    {
      statement: setOutcome,
      rows: [{ trace: end.id, outcome: JSON.stringify(redactOutcome(scope.redaction, end.outcome)) }],
    },
    { statement: textOfRun, rows: [{ trace: end.id }] },
    addToRollup(end.id),
    addFacts(end.id),
    ...addOwnFacts(end.id, end.risk?.facts ?? []),
  ]
}

// A run that was taken for dead and came to its end after all.
export const correctionWrites = (
  id: string,
  usage: Usage,
  cost: MicroUsd,
  isEstimated: boolean,
  risk?: EndRisk,
): CommandWrite[] => [
  takeFromRollup(id),
  takeFacts(id),
  ...riskWrites(id, risk),
  {
    statement: correctTrace,
    rows: [
      {
        id,
        input: usage.input,
        output: usage.output,
        cache_read: usage.cacheRead,
        cache_write: usage.cacheWrite,
        cost,
        estimated: isEstimated,
      },
    ],
  },
  addToRollup(id),
  addFacts(id),
  ...addOwnFacts(id, risk?.facts ?? []),
]

export const deliveryWrites = (
  traceId: string,
  delivery: Delivery,
  ids: { taskId?: string; messageId?: string; documentId?: string } = {},
): CommandWrite[] => [
  {
    statement: setDelivery,
    rows: [
      {
        id: traceId,
        delivery,
        task: ids.taskId ?? null,
        message: ids.messageId ?? null,
        document: ids.documentId ?? null,
      },
    ],
  },
]
