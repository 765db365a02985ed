import { isInReach, reachOf, seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import type { TestRunRow } from '@/lib/skills'
import type { SkillTestResult } from '@/lib/skills/contract'
import { findTraces } from '../annotation/store'

// All tests of one run ran in one workspace, for one user.
const traceOf = ({ results }: TestRunRow): string | null =>
  (results as SkillTestResult[]).find(({ trace_id }) => trace_id !== null)?.trace_id ?? null

/** The runs of tests whose words the caller may read: those of traces that he may. */
export const openRuns = async (scope: Scope, rows: readonly TestRunRow[]): Promise<ReadonlySet<string>> => {
  if (!seesTexts(scope)) return new Set()
  const { workspaces, user } = reachOf(scope)
  if (workspaces === null && user === null) return new Set(rows.map(({ id }) => id))
  const found = await findTraces(
    scope.db,
    rows.flatMap((row) => traceOf(row) ?? []),
  )
  const seen = new Set(found.filter((row) => isInReach(scope, row)).map(({ id }) => id))
  return new Set(rows.filter((row) => seen.has(traceOf(row) ?? '')).map(({ id }) => id))
}
