import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import { redactText, redactValue } from '@/lib/core/redact'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import type { Usage } from '@/lib/shared/chat'
import type { MicroUsd } from '@/lib/shared/money'
import { correctTrace, endTrace, insertContent, insertSteps, insertTrace, setDelivery, setOutcome } from './sql'
import type { Step } from './step-chain'

export type RunKind = 'send' | 'stream' | 'compact' | 'llm_task'

export type TraceInputs = { system_prompt?: string }

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
  // Everything that the run was given: what a replay needs to give it again.
  inputs: TraceInputs
}

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
}

export type Delivery = 'posted' | 'pending' | 'suppressed' | 'none' | 'refused'

const PROMPTS = { max: 500, maxSize: 8_000_000, sizeCalculation: (text: string) => text.length + 1, ttl: 600_000 }

const storedText = (value: object): string => JSON.stringify(redactValue(value))

// Runs of one workspace are given the same prompt, the longest text of all, so it is looked through once.
const redactedPrompt = (prompt: string): string => {
  const known = kernel().slot('tracing.prompts', () => new LRUCache<string, string>(PROMPTS))
  const found = known.get(prompt)
  if (found !== undefined) return found
  const clean = redactText(prompt)
  known.set(prompt, clean)
  return clean
}

const storedInputs = ({ system_prompt: prompt, ...rest }: TraceInputs): string =>
  JSON.stringify({
    ...(redactValue(rest) as object),
    ...(prompt === undefined ? {} : { system_prompt: redactedPrompt(prompt) }),
  })

const sessionOf = (key: string | null): string | null => (key === null ? null : redactText(key))

export const startWrites = (scope: Scope, start: TraceStart): CommandWrite[] => [
  {
    statement: insertTrace,
    rows: [
      {
        id: start.id,
        execution: start.executionId,
        workspace: start.workspaceId,
        environment: start.environment,
        kind: start.kind,
        actor: scope.actor,
        user: start.userId,
        role: start.role,
        session: sessionOf(start.sessionKey),
        status: 'running',
        started: storedTime(start.startedAt),
        lease: storedTime(start.leaseUntil),
        hash: start.workspaceHash,
        prompt_source: start.promptSource,
        correlation: scope.correlationId === undefined ? null : redactText(scope.correlationId),
        provider: start.provider,
        model: start.model,
        risk_score: start.risk?.score ?? null,
        risk_level: start.risk?.level ?? null,
      },
    ],
  },
  { statement: insertContent, rows: [{ trace: start.id, inputs: storedInputs(start.inputs) }] },
]

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

// Guarded: a run that was ended by somebody else meanwhile is not ended again.
export const endWrites = (scope: Scope, end: TraceEnd): CommandWrite[] => {
  const now = scope.clock.now()
  const row = {
    id: end.id,
    status: end.status,
    stop: end.stopReason,
    completed: storedTime(now),
    ms: Math.max(0, now.getTime() - end.startedAt.getTime()),
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
    error: end.failure ? redactText(end.failure.message) : null,
    task: end.taskId,
    delivery: end.delivery,
    suppressed: end.isSuppressed,
  }
  return [
    { statement: endTrace, rows: [row], guard: true },
    { statement: setOutcome, rows: [{ trace: end.id, outcome: storedText(end.outcome) }] },
  ]
}

// A run that was taken for dead and came to its end after all.
export const correctionWrites = (id: string, usage: Usage, cost: MicroUsd, isEstimated: boolean): CommandWrite[] => [
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
