import { dateOf } from '@/lib/core/clock'
import type { Row } from '@/lib/core/db'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { listPolicies, NO_FILED_POLICIES } from '@/lib/governance'
import { toWireOrNull } from '@/lib/shared/time'
import { presentAdapter, textsIn } from '../present'
import { countAdapters, findAdapters, findKeys } from '../store'
import { fenceOf } from './fence'
import { postureOf } from './posture'
import { decisionsByAdapter, executionsByAdapter, reportsByAdapter } from './sql-counts'

type Counted = { counts: Record<string, number>; last: Date | null }

// SQLite gives ISO text, PostgreSQL a Date.
export const timeIn = (value: unknown): Date | null =>
  value === null || value === undefined ? null : value instanceof Date ? value : dateOf(String(value))

const later = (a: Date | null, b: Date | null): Date | null => (a !== null && (b === null || a > b) ? a : b)

const byAdapter = (rows: readonly Row[]): ((id: string) => Counted) => {
  const all = new Map<string, Counted>()
  for (const row of rows) {
    const id = String(row['adapterId'])
    const known = all.get(id) ?? { counts: {}, last: null }
    known.counts[String(row['what'])] = Number(row['n'])
    known.last = later(known.last, timeIn(row['last']))
    all.set(id, known)
  }
  return (id) => all.get(id) ?? { counts: {}, last: null }
}

/** External agents with what came of them. Policies in files of workspaces are not counted: an agent may be in many. */
export const listAgents = async (scope: Scope, { limit, offset }: { limit: number; offset: number }) => {
  const fence = fenceOf(scope)
  const [rows, total, policies, ...counted] = await Promise.all([
    findAdapters(scope.db, { take: limit, skip: offset }),
    countAdapters(scope.db),
    listPolicies(scope, {}, NO_FILED_POLICIES),
    scope.rows(decisionsByAdapter, fence).then(byAdapter),
    scope.rows(executionsByAdapter, fence).then(byAdapter),
    scope.rows(reportsByAdapter, fence).then(byAdapter),
  ])
  const [decisions, executions, reports] = counted
  const keys = await findKeys(
    scope.db,
    rows.map(({ id }) => id),
  )
  return {
    agents: rows.map((row) => {
      const posture = postureOf({ id: row.id, tools: textsIn(row.toolCapabilities) }, policies)
      const { status, covered_tools, uncovered_tools, fallback_present, policy_count } = posture
      return {
        ...presentAdapter(row),
        posture: { status, covered_tools, uncovered_tools, fallback_present, policy_count },
        decisions: decisions(row.id).counts,
        executions: executions(row.id).counts,
        reports: reports(row.id).counts,
        telemetry_keys: keys.filter(({ adapterId, revokedAt }) => adapterId === row.id && revokedAt === null).length,
        last_decision_at: toWireOrNull(decisions(row.id).last),
      }
    }),
    mode: kernel().env.CLASPER_MODE,
    total,
    limit,
    offset,
  }
}
