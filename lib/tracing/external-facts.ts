import type { ReadDb, Scope } from '@/lib/core/scope'
import { usdOf } from '@/lib/shared/money'
import type { Trace } from './contract'
import { ADAPTER_ORIGIN } from './integrity'
import { WITHHELD } from './present-summary'
import type { StoredTrace } from './store'

// What stands beside the trace of an external agent: the bounds that it was granted, and what was violated.
export type ExternalFacts = {
  granted: Trace['granted_scope']
  used: { stepCount: number; cost: number } | null
  violations: Trace['violations']
}

const NO_FACTS: ExternalFacts = { granted: null, used: null, violations: [] }
const MOST_VIOLATIONS = 100

type Of = Pick<StoredTrace, 'id' | 'origin' | 'adapterId' | 'executionId'>

const findExecutions = (db: ReadDb, ids: readonly string[]) =>
  db.execution.findMany({ where: { id: { in: [...ids] } } })

const findViolations = (db: ReadDb, traces: readonly string[]) =>
  db.adapterReport.findMany({
    where: { kind: 'violations', traceId: { in: [...traces] } },
    orderBy: [{ occurredAt: 'asc' }, { payloadHash: 'asc' }],
    take: MOST_VIOLATIONS * traces.length,
  })

type Execution = Awaited<ReturnType<typeof findExecutions>>[number]
type Report = Awaited<ReturnType<typeof findViolations>>[number]

const grantedOf = ({ grantedScope, maxSteps, maxCostMicroUsd }: Execution): Trace['granted_scope'] => {
  if (typeof grantedScope !== 'object' || grantedScope === null || Array.isArray(grantedScope)) return null
  const { capabilities } = grantedScope as { capabilities?: unknown }
  return {
    capabilities: Array.isArray(capabilities) ? capabilities.map(String) : [],
    max_steps: maxSteps,
    max_cost: maxCostMicroUsd === null ? null : usdOf(maxCostMicroUsd),
  }
}

const WORD = /^[a-z0-9_.-]{1,64}$/i

// Names and messages are the agent's own words.
const violationOf = ({ data, occurredAt }: Report, isOpen: boolean): Trace['violations'][number] => {
  const said = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>
  const type = String(said['violation_type'] ?? 'violation')
  return {
    type: isOpen || WORD.test(type) ? type : WITHHELD,
    message: isOpen ? String(said['message'] ?? '') : WITHHELD,
    timestamp: occurredAt.toISOString(),
  }
}

/** For traces of external agents; one reading of each kind, however many they are. */
export const findExternalFacts = async (
  scope: Pick<Scope, 'db'>,
  rows: readonly Of[],
  isOpen: boolean,
): Promise<(row: Of) => ExternalFacts> => {
  const external = rows.filter(({ origin }) => origin === ADAPTER_ORIGIN)
  if (external.length === 0) return () => NO_FACTS
  const [executions, violations] = await Promise.all([
    findExecutions(
      scope.db,
      external.map(({ executionId }) => executionId),
    ),
    findViolations(
      scope.db,
      external.map(({ id }) => id),
    ),
  ])
  return ({ id, executionId, adapterId }) => {
    const execution = executions.find((one) => one.id === executionId && one.adapterId === adapterId)
    const own = violations.filter((one) => one.traceId === id && one.adapterId === adapterId)
    return {
      granted: execution ? grantedOf(execution) : null,
      used: execution ? { stepCount: execution.usedSteps, cost: usdOf(execution.costMicroUsd) } : null,
      violations: own.slice(0, MOST_VIOLATIONS).map((report) => violationOf(report, isOpen)),
    }
  }
}
