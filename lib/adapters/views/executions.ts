import { isInReach, seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { Evidence, ExecutionFilter } from '../contract/execution'
import { presentExecution } from '../present'
import {
  type AuthorizationRow,
  countExecutions,
  type DecisionOfAdapter,
  type ExecutionRow,
  findAuthorizations,
  findDecisions,
  findExecution,
  findExecutions,
  findReports,
  type ReportRow,
} from '../store'
import { rowsWithin } from './fence'

export const listExecutions = async (scope: Scope, filter: ExecutionFilter) => {
  const { limit, offset } = filter
  const where = {
    AND: [
      rowsWithin(scope),
      filter.workspace_id === undefined ? {} : { workspaceId: filter.workspace_id },
      filter.adapter_id === undefined ? {} : { adapterId: filter.adapter_id },
      filter.effect === undefined ? {} : { effect: filter.effect },
    ],
  }
  const [rows, total] = await Promise.all([
    findExecutions(scope.db, where, { take: limit, skip: offset }),
    countExecutions(scope.db, where),
  ])
  return { executions: rows.map(presentExecution), total, limit, offset }
}

type Seen = Evidence['seen_here'][number]

const decided = (row: DecisionOfAdapter): Seen => ({
  kind: `decision:${row.origin}`,
  id: row.id,
  at: toWire(row.createdAt),
  summary: `${row.decision}, now ${row.status}`,
  tool: row.tool,
})

const authorized = (row: AuthorizationRow): Seen => ({
  kind: 'tool_authorization',
  id: row.id,
  at: toWire(row.createdAt),
  summary:
    row.decision === 'deny' ? `refused: ${row.reason}` : row.usedAt === null ? 'granted, not used' : 'granted and used',
  tool: row.tool,
})

const found = (row: ReportRow): Seen => ({
  kind: 'violation',
  id: row.payloadHash,
  at: toWire(row.receivedAt),
  summary: String((row.data as { violation_type?: unknown } | null)?.violation_type ?? 'violation'),
  tool: null,
})

const reported = (row: ReportRow, isOpen: boolean): Evidence['reported'][number] => ({
  kind: row.kind,
  evidence: row.evidence === 'signed' ? 'signed' : 'self_attested',
  trace_id: row.traceId,
  occurred_at: toWire(row.occurredAt),
  received_at: toWire(row.receivedAt),
  payload_hash: row.payloadHash,
  data: isOpen ? row.data : null,
})

const mustBeInReach = async (scope: Scope, id: string): Promise<ExecutionRow> => {
  const row = await findExecution(scope.db, id)
  return row !== null && isInReach(scope, { workspaceId: row.workspaceId, userId: null })
    ? row
    : missing('execution', id)
}

const MOST = 500

/** What was seen here on the one side, what the agent said of itself on the other. */
export const executionEvidence = async (scope: Scope, id: string): Promise<Evidence> => {
  const row = await mustBeInReach(scope, id)
  const page = { take: MOST, skip: 0 }
  const [decisions, authorizations, reports] = await Promise.all([
    findDecisions(scope.db, { executionId: id, adapterId: row.adapterId }, page),
    findAuthorizations(scope.db, { executionId: id, adapterId: row.adapterId }, page),
    findReports(scope.db, row.adapterId, id),
  ])
  const isOpen = seesTexts(scope)
  if (isOpen && scope.identity.plane === 'ops' && reports.length > 0) {
    const data = { by: 'execution', execution_id: id }
    await scope.command({ audit: [{ event: 'trace_revealed', entityId: id, workspaceId: row.workspaceId, data }] })
  }
  const seen = [
    ...decisions.map(decided),
    ...authorizations.map(authorized),
    ...reports.filter(({ evidence }) => evidence === 'platform').map(found),
  ]
  return {
    execution: presentExecution(row),
    seen_here: seen.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1)),
    reported: reports.filter(({ evidence }) => evidence !== 'platform').map((one) => reported(one, isOpen)),
    withheld: !isOpen,
  }
}
