import { dateOf, monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { CommandAudit, Scope } from '@/lib/core/scope'
import type { CommandResult, CommandWrite } from '@/lib/core/writer'
import {
  budgetKeysOf,
  decisionWrites,
  policyAudits,
  type Reservation,
  type RunRisk,
  rollStale,
  tellCrossed,
} from '@/lib/governance'
import type { ModelRef } from '@/lib/providers'
import { NO_USAGE } from '@/lib/shared/chat'
import { uuidv7 } from '@/lib/shared/id'
import { NOTHING } from '@/lib/shared/money'
import { isProblem, Problem } from '@/lib/shared/problem'
import {
  createStepChain,
  isTraceTaken,
  type KnownFinds,
  type RunKind,
  type StepChain,
  startWrites,
  stepWrites,
} from '@/lib/tracing'
import type { Snapshot } from '@/lib/workspace'
import type { Reopened } from './durable'
import { type Given, givenFacts, NOTHING_GIVEN } from './given'
import { EMBEDDER } from './grant'
import { createMeter, type Meter } from './meter'
import { type ModelPort, PROVIDERS } from './model-port'
import { renameTrace } from './name-trace'
import { decisionStep, type RunDecision } from './permit-run'
import type { Place } from './place'
import { refuse } from './refuse'
import { timerOf } from './run-timer'

export const LEASE_GRACE_MS = 60_000

export type Run = {
  scope: Scope
  kind: RunKind
  traceId: string
  executionId: string
  place: Place
  riskLevel: string | null
  risk: RunRisk | null
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
  // Set where nothing that the run does leaves this server: nobody is asked to approve it. Live: what reads is called.
  rehearsal: 'mocked' | 'live' | null
  // Set where the run was taken up again after a pause: what it does is kept step by step.
  durable: Reopened['durable'] | null
  toolCallCount: number
  // Audit rows of what happened since the last commit.
  audit(row: Omit<CommandAudit, 'traceId' | 'workspaceId' | 'entityId'>): void
  // The same for rows that name what they are about themselves.
  tell(rows: readonly CommandAudit[]): void
  // One commit of everything that waits: settlements, steps, audit rows, and reservations that may be refused.
  flush(holds?: readonly Reservation[], more?: readonly CommandWrite[]): Promise<boolean>
  end(): void
}

export type Replay = { of: string; mode: string; found?: KnownFinds }

export type RunPlan = {
  kind: RunKind
  place: Place
  model: ModelRef
  promptTokens: number
  maxTokens: number
  workspaceHash: string | null
  promptSource: string
  risk: RunRisk | null
  inputs: object
  // What a policy said of the run.
  decision?: RunDecision
  // What its environment gave it.
  given?: Given
  // Rows beside agent_execution_started.
  audits?: readonly Omit<CommandAudit, 'traceId' | 'workspaceId' | 'entityId'>[]
  // What finding the fitting skills and memory has used already.
  embedding?: { model: string; input_tokens: number }
  // The workspace's files, where this version of them is not kept yet.
  snapshot?: Snapshot | null
  port?: ModelPort
  replay?: Replay
  rehearsal?: 'mocked' | 'live'
  // Less than any run may take.
  limitMs?: number
  // False for runs that are over before a model is asked.
  asksModel?: boolean
}

// A period that is over refuses what it holds back; once it has begun anew, the same is asked again.
const fitting = async (scope: Scope, [hold]: readonly Reservation[], ask: () => Promise<CommandResult>) => {
  const first = await ask()
  if (first.applied || !hold) return first
  return (await rollStale(scope, budgetKeysOf(hold))) ? ask() : first
}

type Shell = Pick<RunPlan, 'kind' | 'place' | 'risk' | 'port' | 'replay' | 'rehearsal' | 'limitMs'>

export const shellOf = (scope: Scope, plan: Shell, from: Reopened | null = null): Run => {
  const limit = Math.min(kernel().env.CLASPER_RUN_TIMEOUT_MS, plan.limitMs ?? Number.POSITIVE_INFINITY)
  const startedAt = scope.clock.now()
  const durable = from?.durable ?? null
  const endsAt = monotonicMs() + limit
  const timer = timerOf(scope, limit)
  const leaseUntil = dateOf(startedAt.getTime() + limit + LEASE_GRACE_MS)
  const traceId = scope.traceId
  const audits: CommandAudit[] = []
  const chain = createStepChain(scope.redaction, from?.head, plan.replay?.found)
  const meter = createMeter(scope, { traceId, kind: plan.kind, place: plan.place, leaseUntil }, from?.spent)
  const run: Run = {
    scope,
    kind: plan.kind,
    traceId,
    executionId: from?.executionId ?? uuidv7(startedAt.getTime()),
    place: plan.place,
    riskLevel: plan.risk?.level ?? null,
    risk: plan.risk,
    startedAt: from?.startedAt ?? startedAt,
    signal: timer.signal,
    isLate: timer.isLate,
    timeLeft: () => Math.max(0, endsAt - monotonicMs()),
    chain,
    meter,
    port: plan.port ?? PROVIDERS,
    replay: plan.replay ?? null,
    rehearsal: plan.rehearsal ?? null,
    durable,
    toolCallCount: from?.toolCallCount ?? 0,
    audit: (row) => void audits.push({ ...row, traceId, entityId: traceId, workspaceId: plan.place.workspaceId }),
    tell: (rows) => void audits.push(...rows),
    flush: async (holds = [], more = []) => {
      const audit = audits.splice(0)
      const steps = chain.take()
      const writes = () => [...meter.writes(holds), ...stepWrites(traceId, steps), ...more]
      if (audit.length === 0 && writes().length === 0) return true
      const keep = () => {
        audits.unshift(...audit)
        chain.giveBack(steps)
      }
      const result = await fitting(scope, holds, () =>
        scope.command({ audit, writes: [...(durable?.fence() ?? []), ...writes()] }),
      ).catch((error: unknown) => {
        keep()
        throw error
      })
      if (result.applied) {
        meter.committed(holds)
        await tellCrossed(scope, result)
      } else {
        keep()
        await durable?.assertMine()
        meter.refused(holds)
      }
      return result.applied
    },
    end: timer.clear,
  }
  return run
}

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

// It names the trace that the run ends up with, so it is made here.
const noteDecision = (run: Run, { decision }: RunPlan): CommandWrite[] => {
  if (!decision) return []
  const { id, verdict } = decision
  for (const audit of policyAudits(verdict, { decision_id: id, subject: 'run' })) run.audit(audit)
  return decisionWrites(run.scope, [{ ...decision, traceId: run.traceId, executionId: run.executionId }])
}

const begin = async (run: Run, plan: RunPlan, first: Reservation | null): Promise<boolean> => {
  const embedding = holdEmbedding(run, plan)
  const { leaseUntil } = first ?? { leaseUntil: dateOf(run.startedAt.getTime() + LEASE_GRACE_MS) }
  const facts = givenFacts(plan.given ?? NOTHING_GIVEN)
  for (const audit of [...(plan.audits ?? []), ...facts.rows]) run.audit(audit)
  run.tell(plan.snapshot?.audit ?? [])
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
      ...facts.audit,
      ...(plan.risk ? { risk_score: plan.risk.score, risk_level: plan.risk.level } : {}),
    },
  })
  const start = startWrites(run.scope, {
    ...plan.place,
    ...facts.start,
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
  const kept = [...(plan.snapshot?.writes ?? []), ...noteDecision(run, plan)]
  const isBegun = await run.flush([...(first ? [first] : []), ...embedding], [...kept, ...start.writes])
  if (isBegun) {
    start.committed()
    // A step needs the row of its trace, so it waits for the next commit.
    if (plan.decision && plan.decision.verdict.policyId !== null)
      run.chain.add('decision', run.startedAt, 0, decisionStep(plan.decision))
    plan.snapshot?.committed()
    chargeEmbedding(run, plan, embedding)
  }
  return isBegun
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
