import type { Row } from '@/lib/core/db'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { durationsByArm, refusedCallsByArm, refusedRunsByArm, sumsByArm } from './sql-arms'

export type ArmSums = {
  runs: number
  ended: number
  errors: number
  costMicroUsd: number
  inputTokens: number
  outputTokens: number
  p50Ms: number | null
  p95Ms: number | null
  refusedToolCalls: number
  refusedRuns: number
}

type Of = { workspaceId: string; environment: string; pinId: string; since: Date }

const numberIn = (row: Row | undefined, name: string): number => Number(row?.[name] ?? 0)
const numberOrNull = (row: Row | undefined, name: string): number | null =>
  row?.[name] === null || row?.[name] === undefined ? null : Number(row[name])

/** What the runs of a pin came to, arm by arm. */
export const sumArms = async (
  scope: Scope,
  { workspaceId, environment, pinId, since }: Of,
): Promise<(arm: 'stable' | 'canary') => ArmSums> => {
  const params = { workspace: workspaceId, environment, pin: pinId, since: storedTime(since) }
  const [sums, durations, calls, runs] = await Promise.all([
    scope.rows(sumsByArm, params),
    scope.rows(durationsByArm, params),
    scope.rows(refusedCallsByArm, params),
    scope.rows(refusedRunsByArm, params),
  ])
  return (arm) => {
    const of = (rows: readonly Row[]) => rows.find((row) => row['arm'] === arm)
    const sum = of(sums)
    const duration = of(durations)
    return {
      runs: numberIn(sum, 'runs'),
      ended: numberIn(sum, 'ended'),
      errors: numberIn(sum, 'errors'),
      costMicroUsd: numberIn(sum, 'cost'),
      inputTokens: numberIn(sum, 'input'),
      outputTokens: numberIn(sum, 'output'),
      p50Ms: numberOrNull(duration, 'p50'),
      p95Ms: numberOrNull(duration, 'p95'),
      refusedToolCalls: numberIn(of(calls), 'n'),
      refusedRuns: numberIn(of(runs), 'n'),
    }
  }
}
