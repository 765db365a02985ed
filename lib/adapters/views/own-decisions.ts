import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { consumeForAdapter, decisionForAdapter, evaluatePolicy, readDecision } from '@/lib/governance'
import type { EvaluateBody } from '@/lib/governance/contract'
import { missing, Problem } from '@/lib/shared/problem'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import { policiesOf } from '@/lib/workspace'
import type { AdapterDecisionFilter, AdapterDecisionRow } from '../contract/views'
import { currentAdapter, environmentFor, higherClass, holderOf, isOfHolder } from '../current-adapter'
import { objectIn, textsIn } from '../present'
import { type DecisionOfAdapter, type DecisionWhere, findDecisions } from '../store'

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

const sinceOf = (scope: Scope, text: string): Date => {
  const [, amount, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? []
  if (amount !== undefined) return dateOf(scope.clock.now().getTime() - Number(amount) * (UNITS[unit] ?? 0))
  const at = dateOf(text)
  if (!Number.isNaN(at.getTime())) return at
  throw new Problem('invalid_request', 'Invalid query', { formErrors: [], fieldErrors: { since: ['is not a time'] } })
}

const OPEN: readonly string[] = ['pending', 'approved']

const isOver = ({ status, expiresAt, usedAt }: DecisionOfAdapter, now: Date): boolean =>
  OPEN.includes(status) && usedAt === null && expiresAt !== null && expiresAt <= now

const stateOf = (row: DecisionOfAdapter, status: string): AdapterDecisionRow['state'] => {
  if (row.usedAt !== null) return 'used'
  if (status === 'pending') return 'waiting'
  return status === 'approved' ? 'usable' : 'settled'
}

const present = (scope: Scope, row: DecisionOfAdapter): AdapterDecisionRow => {
  const status = isOver(row, scope.clock.now()) ? 'expired' : row.status
  return {
    decision_id: row.id,
    timestamp: toWire(row.createdAt),
    tool: row.tool,
    policy: textsIn(row.matchedPolicies)[0] ?? null,
    decision: row.decision as AdapterDecisionRow['decision'],
    status,
    trace_id: row.traceId,
    state: stateOf(row, status),
    execution_id: row.executionId,
  }
}

const byStatus = (status: AdapterDecisionFilter['status'], now: Date): DecisionWhere => {
  const over: DecisionWhere = { usedAt: null, status: { in: [...OPEN] }, expiresAt: { lte: now } }
  if (status === undefined) return {}
  if (status === 'expired') return { OR: [{ status }, over] }
  return OPEN.includes(status) ? { status, NOT: over } : { status }
}

const MOST_SCANNED = 5_000

/** Decisions about the agent itself. Of others it learns nothing, also not that they are there. */
export const listAdapterDecisions = async (scope: Scope, filter: AdapterDecisionFilter) => {
  const { id } = await currentAdapter(scope)
  const { environment } = holderOf(scope)
  const { limit, offset, policy } = filter
  const where: DecisionWhere = {
    AND: [
      { adapterId: id, workspaceId: { in: [...(scope.identity.workspaceIds ?? [])] } },
      environment === undefined ? {} : { environment },
      byStatus(filter.status, scope.clock.now()),
      {
        ...(filter.decision === undefined ? {} : { decision: filter.decision }),
        ...(filter.tool === undefined ? {} : { tool: filter.tool }),
        ...(filter.since === undefined ? {} : { createdAt: { gte: sinceOf(scope, filter.since) } }),
      },
    ],
  }
  // Prisma cannot look into a list in JSON on both databases.
  const rows =
    policy === undefined
      ? await findDecisions(scope.db, where, { take: limit, skip: offset })
      : (await findDecisions(scope.db, where, { take: MOST_SCANNED, skip: 0 }))
          .filter(({ matchedPolicies }) => textsIn(matchedPolicies).includes(policy))
          .slice(offset, offset + limit)
  return { decisions: rows.map((row) => present(scope, row)), limit, offset }
}

const mustBeOwn = async (scope: Scope, id: string): Promise<DecisionOfAdapter> => {
  await currentAdapter(scope)
  const row = await readDecision(scope, id.toLowerCase())
  return row !== null && isOfHolder(scope, row) ? row : missing('decision', id)
}

export const getAdapterDecision = async (scope: Scope, id: string) => {
  const row = await mustBeOwn(scope, id)
  return {
    ...present(scope, row),
    explanation: row.explanation,
    matched_policies: textsIn(row.matchedPolicies),
    expires_at: toWireOrNull(row.expiresAt),
    required_role: row.requiredRole,
  }
}

// Names of what was asked, never values: those who read this may not be those who sent it.
const summaryOf = ({ action }: DecisionOfAdapter): string => {
  const asked = objectIn(objectIn(action)?.['arguments'])
  const names = Object.keys(asked ?? {}).slice(0, 20)
  return names.length === 0 ? 'no arguments' : `with ${names.map((name) => name.slice(0, 60)).join(', ')}`
}

export const explainAdapterDecision = async (scope: Scope, id: string) => {
  const row = await mustBeOwn(scope, id)
  const { policy, decision } = present(scope, row)
  return { policy, reason: row.explanation, tool: row.tool, input_summary: summaryOf(row), decision }
}

/** The one that waits for a decision, or may use it: while it is registered and switched on. */
export const showOwnDecision = async (scope: Scope, id: string) => {
  await mustBeOwn(scope, id)
  return decisionForAdapter(scope, id)
}

export const consumeOwnDecision = async (scope: Scope, use: { id: string; token: string | null }) => {
  await mustBeOwn(scope, use.id)
  return consumeForAdapter(scope, use)
}

/** What the policies say of an act, with the class that is registered where the agent names a lower one. */
export const evaluateOwn = async (scope: Scope, body: EvaluateBody) => {
  const adapter = await currentAdapter(scope)
  const asked = {
    ...body,
    workspace_id: adapter.workspaceId,
    environment: await environmentFor(scope, adapter, body.environment),
    adapter_risk_class: higherClass(adapter.riskClass, body.adapter_risk_class),
  }
  return evaluatePolicy(
    scope,
    asked,
    adapter.id,
    await policiesOf(scope, adapter.workspaceId, { environment: asked.environment }),
  )
}
