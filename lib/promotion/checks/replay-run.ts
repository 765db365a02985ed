import type { Scope } from '@/lib/core/scope'
import { replayTrace } from '@/lib/runtime'
import { uuidv7 } from '@/lib/shared/id'
import { isProblem, type ProblemCode } from '@/lib/shared/problem'
import type { PinSet } from '@/lib/workspace'

export type Replayed = {
  trace_id: string
  replay_id: string | null
  outcome: 'same' | 'differs' | 'fails' | 'not_replayed'
  // What parted: names of parts, kinds and steps; never what was said.
  areas: string[]
  first: { step: number; kind: string } | null
  code: string | null
  cost_before_micro_usd: number
  cost_micro_usd: number
}

// Each of them a trace of its own; below `trace:reveal`, whoever asked: what is kept as evidence quotes nobody.
const ownScope = (scope: Scope, signal: AbortSignal): Scope => {
  const state = { traceId: uuidv7(scope.clock.now().getTime()) }
  const retrace = (id: string): void => {
    state.traceId = id
  }
  const { allowedTools: _tools, allowedModels: _models, allowedSkills: _skills, ...rest } = scope.identity
  const permissions = new Set([...rest.permissions].filter((name) => name !== 'trace:reveal'))
  return Object.create(scope, {
    // Rooms below narrow it further by assigning to what they make of it.
    // A version may be known by another workspace that holds the same; the runs are those of this one in any case.
    identity: { value: { ...rest, plane: 'job', permissions, workspaceIds: null }, writable: true },
    permissions: { value: permissions, writable: true },
    traceId: { get: () => state.traceId },
    retrace: { value: retrace, writable: true },
    isTraceWished: { value: false, writable: true },
    once: { value: undefined, writable: true },
    signal: { value: signal, writable: true },
  }) as Scope
}

// What the surroundings lacked says nothing about the candidate.
const NOT_ITS_FAULT: readonly ProblemCode[] = [
  ...(['provider_error', 'provider_empty', 'timeout', 'cancelled', 'unavailable', 'shutting_down'] as const),
  ...(['budget_exhausted', 'budget_in_flight', 'request_exceeds_budget', 'ledger_unavailable'] as const),
  ...(['not_replayable', 'not_configured', 'not_found'] as const),
]

const isNotItsFault = (code: string | null): boolean => NOT_ITS_FAULT.some((known) => known === code)

const COUNTED: readonly string[] = ['tool_calls', 'errors', 'output']

type Reply = Awaited<ReturnType<typeof replayTrace>>

const codeOf = ({ diff }: Reply): string | null => diff.errors.compare_error

const judged = (id: string, reply: Reply, errorCode: string | null): Replayed => {
  const areas = reply.diff.summary.changed_areas.filter((area) => COUNTED.includes(area))
  const isNew = reply.diff.errors.compare_has_error && !reply.diff.errors.base_has_error
  const isLost = reply.diff.errors.compare_has_error && isNotItsFault(errorCode)
  return {
    trace_id: id,
    replay_id: reply.trace_id,
    outcome: isLost ? 'not_replayed' : isNew ? 'fails' : areas.length > 0 ? 'differs' : 'same',
    areas,
    first: reply.first_divergence ? { step: reply.first_divergence.step, kind: reply.first_divergence.kind } : null,
    code: errorCode,
    cost_before_micro_usd: Math.round(reply.diff.cost.base_cost * 1_000_000),
    cost_micro_usd: Math.round(reply.diff.cost.compare_cost * 1_000_000),
  }
}

const lost = (id: string, code: string): Replayed => ({
  trace_id: id,
  replay_id: null,
  outcome: 'not_replayed',
  areas: [],
  first: null,
  code,
  cost_before_micro_usd: 0,
  cost_micro_usd: 0,
})

const errorCodeOf = async (scope: Scope, reply: Reply): Promise<string | null> => {
  if (!reply.diff.errors.compare_has_error) return null
  const key = { tenantId_id: { tenantId: scope.tenantId, id: reply.trace_id } }
  return (await scope.db.trace.findUnique({ where: key, select: { errorCode: true } }))?.errorCode ?? codeOf(reply)
}

type Tried = { next: PinSet; versionHash: string; skillVersions: Readonly<Record<string, string>> }

/** One recorded run once more, in the version that is to come: the model is asked, nothing is posted anywhere. */
export const replayRun = async (
  scope: Scope,
  id: string,
  { next, versionHash, skillVersions }: Tried,
  signal: AbortSignal,
): Promise<Replayed> => {
  const own = ownScope(scope, signal)
  const model = next.modelPin === null ? {} : { model: next.modelPin }
  const provider = next.providerPin === null ? {} : { provider: next.providerPin }
  try {
    const wish = { mode: 'semantic', workspace_version: versionHash, ...model, ...provider } as const
    const reply = await replayTrace(own, id, { ...wish, onlySkills: skillVersions })
    return judged(id, reply, await errorCodeOf(own, reply))
  } catch (error) {
    if (signal.aborted) return lost(id, 'timeout')
    if (isProblem(error)) return lost(id, error.code)
    throw error
  }
}
