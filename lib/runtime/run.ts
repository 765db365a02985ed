import { dateOf, monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { CommandAudit, Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { type Reservation, refusalOf } from '@/lib/governance'
import type { ModelRef } from '@/lib/providers'
import { NO_USAGE } from '@/lib/shared/chat'
import { uuidv7 } from '@/lib/shared/id'
import { NOTHING } from '@/lib/shared/money'
import { isProblem, Problem } from '@/lib/shared/problem'
import { createStepChain, isTraceTaken, type RunKind, type StepChain, startWrites, stepWrites } from '@/lib/tracing'
import type { Snapshot } from '@/lib/workspace'
import { createMeter, type Meter } from './meter'
import { type ModelPort, PROVIDERS } from './model-port'
import { renameTrace } from './name-trace'
import type { Place } from './place'

const LEASE_GRACE_MS = 60_000

export type Run = {
  scope: Scope
  kind: RunKind
  traceId: string
  executionId: string
  place: Place
  riskLevel: string | null
  startedAt: Date
  // Aborted when the caller left or the time is up.
  signal: AbortSignal
  isLate(): boolean
  timeLeft(): number
  chain: StepChain
  meter: Meter
  port: ModelPort
  // Set where this run repeats another one.
  replay: Replay | null
  toolCallCount: number
  // Audit rows of what happened since the last commit.
  audit(row: Omit<CommandAudit, 'traceId' | 'workspaceId' | 'entityId'>): void
  // One commit of everything that waits: settlements, steps, audit rows, and reservations that may be refused.
  flush(holds?: readonly Reservation[], more?: readonly CommandWrite[]): Promise<boolean>
  end(): void
}

export type Replay = { of: string; mode: string }

export type RunPlan = {
  kind: RunKind
  place: Place
  model: ModelRef
  promptTokens: number
  maxTokens: number
  workspaceHash: string | null
  promptSource: string
  risk: { score: number; level: string } | null
  inputs: object
  // Rows beside agent_execution_started.
  audits?: readonly Omit<CommandAudit, 'traceId' | 'workspaceId' | 'entityId'>[]
  // What finding the fitting skills and memory has used already.
  embedding?: { model: string; input_tokens: number }
  // The workspace's files, where this version of them is not kept yet.
  snapshot?: Snapshot | null
  port?: ModelPort
  replay?: Replay
  // False for runs that are over before a model is asked.
  asksModel?: boolean
}

const timerOf = (scope: Scope, ms: number) => {
  const over = new AbortController()
  const state = { isLate: false }
  const leave = () => over.abort(scope.signal.reason)
  const timer = setTimeout(() => {
    state.isLate = true
    over.abort(new Error('The run took too long'))
  }, ms)
  scope.signal.addEventListener('abort', leave, { once: true })
  if (scope.signal.aborted) leave()
  return {
    signal: over.signal,
    isLate: () => state.isLate,
    clear: () => {
      clearTimeout(timer)
      scope.signal.removeEventListener('abort', leave)
    },
  }
}

const shellOf = (scope: Scope, plan: RunPlan): Run => {
  const { CLASPER_RUN_TIMEOUT_MS: limit } = kernel().env
  const startedAt = scope.clock.now()
  const endsAt = monotonicMs() + limit
  const timer = timerOf(scope, limit)
  const leaseUntil = dateOf(startedAt.getTime() + limit + LEASE_GRACE_MS)
  const traceId = scope.traceId
  const audits: CommandAudit[] = []
  const chain = createStepChain()
  const meter = createMeter(scope, { traceId, kind: plan.kind, place: plan.place, leaseUntil })
  const run: Run = {
    scope,
    kind: plan.kind,
    traceId,
    executionId: uuidv7(startedAt.getTime()),
    place: plan.place,
    riskLevel: plan.risk?.level ?? null,
    startedAt,
    signal: timer.signal,
    isLate: timer.isLate,
    timeLeft: () => Math.max(0, endsAt - monotonicMs()),
    chain,
    meter,
    port: plan.port ?? PROVIDERS,
    replay: plan.replay ?? null,
    toolCallCount: 0,
    audit: (row) => void audits.push({ ...row, traceId, entityId: traceId, workspaceId: plan.place.workspaceId }),
    flush: async (holds = [], more = []) => {
      const audit = audits.splice(0)
      const steps = chain.take()
      const writes = [...meter.writes(holds), ...stepWrites(traceId, steps), ...more]
      if (audit.length === 0 && writes.length === 0) return true
      const keep = () => {
        audits.unshift(...audit)
        chain.giveBack(steps)
      }
      const { applied } = await scope.command({ audit, writes }).catch((error: unknown) => {
        keep()
        throw error
      })
      if (applied) meter.committed(holds)
      else keep()
      return applied
    },
    end: timer.clear,
  }
  return run
}

const EMBEDDER = 'openai'

const holdEmbedding = (run: Run, { embedding }: RunPlan): Reservation[] => {
  if (!embedding || embedding.input_tokens === 0) return []
  const model = { provider: EMBEDDER, id: embedding.model }
  const size = { prompt: embedding.input_tokens, output: 0 }
  return [run.meter.hold(uuidv7(run.startedAt.getTime()), model, size)]
}

// It is spent; the next commit settles it.
const chargeEmbedding = (run: Run, { embedding }: RunPlan, [held]: readonly Reservation[]): void => {
  if (!held || !embedding) return
  run.meter.record({
    id: held.id,
    model: { provider: held.provider, id: held.model },
    usage: { ...NO_USAGE, input: embedding.input_tokens },
    isEstimated: false,
    billable: 'metered',
  })
}

const begin = async (run: Run, plan: RunPlan, first: Reservation | null): Promise<boolean> => {
  const embedding = holdEmbedding(run, plan)
  const { leaseUntil } = first ?? { leaseUntil: dateOf(run.startedAt.getTime() + LEASE_GRACE_MS) }
  for (const audit of plan.audits ?? []) run.audit(audit)
  run.audit({
    event: 'agent_execution_started',
    data: {
      kind: plan.kind,
      execution_id: run.executionId,
      user_id: plan.place.userId,
      role: plan.place.role,
      environment: plan.place.environment,
      model: plan.model.name,
      workspace_hash: plan.workspaceHash,
      prompt_source: plan.promptSource,
      reserved_micro_usd: first?.amount ?? 0,
      ...(plan.risk ? { risk_score: plan.risk.score, risk_level: plan.risk.level } : {}),
    },
  })
  const start = startWrites(run.scope, {
    ...plan.place,
    id: run.traceId,
    executionId: run.executionId,
    kind: plan.kind,
    startedAt: run.startedAt,
    leaseUntil,
    workspaceHash: plan.workspaceHash,
    promptSource: plan.promptSource,
    provider: plan.model.provider,
    model: plan.model.id,
    risk: plan.risk,
    inputs: plan.inputs,
    ...(plan.replay ? { replayOf: plan.replay.of } : {}),
  })
  const kept = plan.snapshot?.writes ?? []
  const isBegun = await run.flush([...(first ? [first] : []), ...embedding], [...kept, ...start.writes])
  if (isBegun) {
    start.committed()
    plan.snapshot?.committed()
    chargeEmbedding(run, plan, embedding)
  }
  return isBegun
}

const refuse = async (scope: Scope, plan: RunPlan, amount: Reservation['amount']): Promise<never> => {
  const problem = await refusalOf(scope, amount)
  const data = { ...problem.details, code: problem.code, kind: plan.kind, model: plan.model.name }
  await scope.command({ audit: [{ event: 'budget_exceeded', workspaceId: plan.place.workspaceId, data }] })
  throw problem
}

type Opened = { run: Run; first: Reservation | null }

const open = async (scope: Scope, plan: RunPlan): Promise<Opened> => {
  const run = shellOf(scope, plan)
  const size = { prompt: plan.promptTokens, output: plan.maxTokens }
  const id = uuidv7(run.startedAt.getTime())
  const first = plan.asksModel === false ? null : run.meter.hold(id, plan.model, size)
  try {
    if (await begin(run, plan, first)) return { run, first }
  } catch (error) {
    run.end()
    throw error
  }
  run.end()
  return refuse(scope, plan, first?.amount ?? NOTHING)
}

// Commit A: the reservation, the trace with everything the run is given, and its audit row stand or fall together.
export const openRun = async (scope: Scope, plan: RunPlan): Promise<Opened> => {
  try {
    return await open(scope, plan)
  } catch (error) {
    const wished = scope.traceId
    if (isProblem(error)) throw error
    if (!(await isTraceTaken(scope, wished).catch(() => false)))
      throw new Problem('ledger_unavailable', undefined, undefined, { cause: error })
    renameTrace(scope)
    return open(scope, plan)
  }
}
