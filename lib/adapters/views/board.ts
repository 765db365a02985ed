import type { z } from 'zod'
import { dateOf } from '@/lib/core/clock'
import type { Row } from '@/lib/core/db'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { toWire } from '@/lib/shared/time'
import type { GovernanceBoard } from '../contract/views'
import { fenceOf } from './fence'
import * as sql from './sql-board'

type Board = z.input<typeof GovernanceBoard>
type Triple = { allow: number; deny: number; require_approval: number }

const DAY_MS = 86_400_000
const NONE: Triple = { allow: 0, deny: 0, require_approval: 0 }

const grouped = (rows: readonly Row[], key: string): Map<string, Triple> => {
  const all = new Map<string, Triple>()
  for (const row of rows) {
    const name = String(row[key])
    all.set(name, { ...NONE, ...all.get(name), [String(row['decision'])]: Number(row['n']) })
  }
  return all
}

const sums = (rows: readonly Row[], key: string): Record<string, number> => {
  const all: Record<string, number> = {}
  for (const row of rows) all[String(row[key])] = (all[String(row[key])] ?? 0) + Number(row['n'])
  return all
}

// A point for each day, also where nothing was decided.
const daysOf = (rows: readonly Row[], start: Date, count: number): Board['days'] => {
  const known = grouped(rows, 'day')
  return Array.from({ length: count }, (_, at) => {
    const day = toWire(dateOf(start.getTime() + at * DAY_MS)).slice(0, 10)
    return { day, ...(known.get(day) ?? NONE) }
  })
}

const midnight = (at: Date): number => Math.floor(at.getTime() / DAY_MS) * DAY_MS

const toolsOf = (rows: readonly Row[]): Board['tools'] => {
  const of = (decision: string) => rows.find((row) => row['decision'] === decision)
  return {
    granted: Number(of('allow')?.['n'] ?? 0),
    denied: Number(of('deny')?.['n'] ?? 0),
    used: Number(of('allow')?.['used'] ?? 0),
  }
}

/** Counted by the database over the whole window, whatever is shown of it, within what the caller may see. */
export const governanceDashboard = async (scope: Scope, { days }: { days: number }): Promise<{ dashboard: Board }> => {
  const now = scope.clock.now()
  const start = dateOf(midnight(now) - (days - 1) * DAY_MS)
  const fence = fenceOf(scope)
  const since = { ...fence, since: storedTime(start) }
  const [byDay, byOrigin, byAgent, policies, pending, tools, reports] = await Promise.all([
    scope.rows(sql.decisionsByDay, since),
    scope.rows(sql.decisionsByOrigin, since),
    scope.rows(sql.decisionsByAgent, since),
    scope.rows(sql.topPolicies, since),
    scope.rows(sql.pendingNow, { ...fence, now: storedTime(now) }),
    scope.rows(sql.toolsSince, since),
    scope.rows(sql.reportsSince, since),
  ])
  const decisions = byOrigin.reduce((sum, row) => sum + Number(row['n']), 0)
  return {
    dashboard: {
      days: daysOf(byDay, start, days),
      by_origin: sums(byOrigin, 'origin'),
      by_status: sums(byOrigin, 'status'),
      by_agent: [...grouped(byAgent, 'adapterId')].map(([adapter_id, counts]) => ({ adapter_id, ...counts })),
      top_policies: policies.map((row) => ({ policy_id: String(row['policy']), count: Number(row['n']) })),
      pending: Number(pending[0]?.['n'] ?? 0),
      tools: toolsOf(tools),
      telemetry: sums(reports, 'evidence'),
      coverage: {
        time_window: { start: toWire(start), end: toWire(now) },
        decisions,
        disclaimer: `Every decision of the last ${days} days that is still kept`,
      },
    },
  }
}
