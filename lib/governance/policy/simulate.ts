import { dateOf } from '@/lib/core/clock'
import { isInReach, reachOf, seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { microUsd } from '@/lib/shared/money'
import { missing, Problem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { PolicyDocument } from '../contract/policy-document'
import type { PolicyAnswer, SimulateBody, SimulateReply, TraceSimulation } from '../contract/policy-question'
import type { DecisionRow } from '../decisions/store'
import { changedSet } from './ask-policy'
import { askRules } from './decide'
import type { FiledPolicies } from './filed'
import { presentAnswer } from './present'
import type { PolicyDecision, PolicyQuestion } from './question'
import { type RuleSet, ruleSetFor } from './rule-set'
import { isSent, wouldTell } from './sent-fields'

// The files of each workspace, for whoever sits below the room that reads folders.
export type FilesOf = (workspaceId: string, place: { environment?: string | undefined }) => Promise<FiledPolicies>

// Whoever may not read what was sent could otherwise guess at it, rule by rule.
const assertBlind = (scope: Scope, rules: readonly PolicyDocument[]): void => {
  if (seesTexts(scope)) return
  const prying = rules.find(({ conditions = {} }) => Object.keys(conditions).some((field) => isSent(field)))
  if (!prying) return
  throw new Problem(
    'permission_denied',
    'Rules that look into what was sent are simulated by those who may read it; dry run takes an example instead.',
    { permission: 'trace:reveal', policy_id: prying.policy_id },
  )
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What was asked, as it is kept: redacted for people. Null where it is not kept in a form that can be asked again. */
const questionOf = (row: DecisionRow): PolicyQuestion | null => {
  const facts = row.facts
  if (!isMap(facts) || typeof facts['subject'] !== 'string') return null
  const cost = row.costMicroUsd
  return {
    ...(facts as Partial<PolicyQuestion>),
    subject: facts['subject'] as PolicyQuestion['subject'],
    workspaceId: row.workspaceId,
    environment: row.environment,
    role: row.agentRole,
    ...(row.adapterId === null ? {} : { adapterId: row.adapterId }),
    ...(row.tool === null ? {} : { tool: row.tool }),
    ...(cost === null ? {} : { estimatedCost: microUsd(cost) }),
  }
}

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

type Sets = { current: RuleSet; changed: RuleSet; root: string | null }

const setsFor = (scope: Scope, files: FilesOf, change: { rules: PolicyDocument[]; without: string[] }) => {
  const known = new Map<string, Promise<Sets>>()
  const make = async (workspaceId: string, environment: string | undefined): Promise<Sets> => {
    const filed = await files(workspaceId, { environment })
    const current = await ruleSetFor(scope, filed)
    return { current, changed: changedSet(scope, current, change), root: filed.root }
  }
  return (workspaceId: string, environment?: string): Promise<Sets> => {
    const key = `${workspaceId} ${environment ?? ''}`
    const found = known.get(key) ?? make(workspaceId, environment)
    known.set(key, found)
    return found
  }
}

type Again = { current: PolicyDecision; changed: PolicyDecision; sets: Sets }

const again = async (scope: Scope, row: DecisionRow, sets: Sets): Promise<Again | 'withheld' | null> => {
  const question = questionOf(row)
  if (question === null) return null
  if (wouldTell(scope, row, question, sets.current)) return 'withheld'
  const place = { tenantId: scope.tenantId, root: sets.root }
  return {
    sets,
    current: await askRules(sets.current, question, place),
    changed: await askRules(sets.changed, question, place),
  }
}

const said = ({ decision, policyId, explanation }: PolicyDecision) => ({ decision, policy_id: policyId, explanation })

const differenceOf = (row: DecisionRow, { current, changed }: Again): SimulateReply['differences'][number] => ({
  decision_id: row.id,
  created_at: toWire(row.createdAt),
  origin: row.origin,
  subject: row.subject,
  trace_id: row.traceId,
  tool: row.tool,
  workspace_id: row.workspaceId,
  environment: row.environment,
  original: { decision: row.decision, matched_policies: textsOf(row.matchedPolicies) },
  current: said(current),
  changed: said(changed),
})

const recent = (scope: Scope, { since, workspace_id: workspace, limit }: SimulateBody): Promise<DecisionRow[]> => {
  const { workspaces, user } = reachOf(scope)
  return scope.db.decision.findMany({
    where: {
      AND: [
        workspaces === null ? {} : { workspaceId: { in: [...workspaces] } },
        user === null ? {} : { userId: user },
        workspace === undefined ? {} : { workspaceId: workspace },
        since === undefined ? {} : { createdAt: { gte: dateOf(since) } },
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
  })
}

const tally = (pairs: readonly (readonly [DecisionRow, Again])[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const [, { current, changed }] of pairs) {
    const key = `${current.decision} → ${changed.decision}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

/** What a change would do, seen on what really was asked: the newest decisions, under the rules of now and the changed. */
export const simulatePolicies = async (scope: Scope, body: SimulateBody, files: FilesOf): Promise<SimulateReply> => {
  assertBlind(scope, body.rules)
  const rows = await recent(scope, body)
  const sets = setsFor(scope, files, body)
  const asked: (readonly [DecisionRow, Again])[] = []
  for (const row of rows) {
    const answers = await again(scope, row, await sets(row.workspaceId, row.environment))
    if (answers !== null && answers !== 'withheld') asked.push([row, answers])
  }
  const differs = asked.filter(([, { current, changed }]) => current.decision !== changed.decision)
  const { current, changed } = await sets(body.workspace_id ?? rows[0]?.workspaceId ?? 'default')
  return {
    checked: asked.length,
    skipped: rows.length - asked.length,
    changed: differs.length,
    by_change: tally(differs),
    current_hash: current.hash,
    changed_hash: changed.hash,
    differences: differs.map(([row, answers]) => differenceOf(row, answers)),
  }
}

const originalOf = (row: DecisionRow): TraceSimulation['original'] => ({
  decision: row.decision,
  matched_policies: textsOf(row.matchedPolicies),
  risk_score: row.riskScore,
  risk_level: row.riskLevel,
  policy_bundle_hash: row.policyHash,
})

const simulatedOf = (decision: PolicyDecision): TraceSimulation['simulated'] => {
  const {
    decision: effect,
    matched_policies,
    decision_trace,
    explanation,
    policy_bundle_hash,
  }: PolicyAnswer = presentAnswer(decision)
  return { decision: effect, matched_policies, decision_trace, explanation, policy_bundle_hash }
}

type Entry = TraceSimulation['decisions'][number]

const entryOf = (row: DecisionRow, { changed }: Again): Entry => ({
  decision_id: row.id,
  subject: row.subject,
  tool: row.tool,
  tool_call_id: row.toolCallId,
  original: originalOf(row),
  simulated: simulatedOf(changed),
  differs: row.decision !== changed.decision,
})

const MOST_OF_A_TRACE = 500

const refusedGuess = (): Problem =>
  new Problem('permission_denied', 'A rule that looks into what was sent is younger than this run.', {
    permission: 'trace:reveal',
  })

type TraceBody = { rules: PolicyDocument[]; without: string[] }

/** The decisions of one run, asked again. */
export const simulateTrace = async (
  scope: Scope,
  traceId: string,
  body: TraceBody,
  files: FilesOf,
): Promise<TraceSimulation> => {
  assertBlind(scope, body.rules)
  const id = traceId.toLowerCase()
  const trace = await scope.db.trace.findUnique({
    where: { tenantId_id: { tenantId: scope.tenantId, id } },
    select: { workspaceId: true, userId: true },
  })
  if (trace === null || !isInReach(scope, trace)) return missing('trace', id)
  const rows = await scope.db.decision.findMany({
    where: { traceId: id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MOST_OF_A_TRACE,
  })
  const sets = setsFor(scope, files, body)
  const entries: Entry[] = []
  for (const row of rows) {
    const answers = await again(scope, row, await sets(row.workspaceId, row.environment))
    if (answers === 'withheld') throw refusedGuess()
    if (answers) entries.push(entryOf(row, answers))
  }
  const [first] = entries
  if (!first) throw new Problem('invalid_request', 'No decision is stored for this trace.', { trace_id: id })
  const { original, simulated } = first
  return { trace_id: id, execution_id: rows[0]?.executionId ?? null, original, simulated, decisions: entries }
}
