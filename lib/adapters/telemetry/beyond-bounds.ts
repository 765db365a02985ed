import type { CommandAudit, Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { usdOf } from '@/lib/shared/money'
import { violationWrite } from '@/lib/tracing'
import { effectOf } from '../executions/get-execution'
import { type ExecutionRow, findExecution } from '../store'
import type { Taken } from './ingest'
import { type Seen, seenViolation } from './violation'

export type Work = Taken<'trace'> | Taken<'cost'> | Taken<'metrics'>
type Found = Pick<Seen, 'type' | 'message'>
// Marks are the last writes: a trace has to be there before it can be marked.
type Finding = { writes: CommandWrite[]; marks: CommandWrite[]; audits: CommandAudit[] }

export const seenIn = (scope: Scope, taken: Work, found: readonly Found[]): Finding => {
  const { id: adapterId, workspaceId } = taken.adapter
  const about = { adapterId, executionId: taken.payload.execution_id, workspaceId, traceId: taken.traceId }
  const seen = found.map((one) => seenViolation(scope, { ...about, ...one }))
  const marks = seen.length === 0 ? [] : [violationWrite(taken.traceId)]
  return { writes: seen.map(({ write }) => write), marks, audits: seen.map(({ audit }) => audit) }
}

// Whoever works although it was refused, or before a person has answered, does so beyond its bounds, signed or not.
export const outsideOf = async (scope: Scope, { execution }: Work): Promise<Found[]> => {
  if (execution === null) return []
  const effect = await effectOf(scope, execution)
  if (effect === 'allow') return []
  const why = effect === 'deny' ? 'was refused' : 'waits for a person'
  return [{ type: 'execution_not_allowed', message: `There was work, and its execution ${why}` }]
}

export const lateOf = (startedAt: Date, { execution }: Work): Found[] =>
  execution?.effect === 'allow' && startedAt > execution.expiresAt
    ? [{ type: 'execution_expired', message: 'It began after the execution was over' }]
    : []

export const overCostOf = (execution: ExecutionRow | null, more: number): Found[] => {
  const most = execution?.maxCostMicroUsd ?? null
  const total = Number(execution?.costMicroUsd ?? 0) + more
  if (most === null || total <= Number(most)) return []
  return [{ type: 'cost_exceeded', message: `${usdOf(total)} USD were spent of the ${usdOf(most)} that were granted` }]
}

/** Costs that were told in one moment saw nothing of each other: the last of them sees all. */
export const overtaken = async (scope: Scope, taken: Work): Promise<void> => {
  if (taken.execution === null) return
  const { writes, marks, audits } = seenIn(
    scope,
    taken,
    overCostOf(await findExecution(scope.db, taken.execution.id), 0),
  )
  if (writes.length > 0) await scope.command({ audit: audits, writes: [...writes, ...marks] })
}
