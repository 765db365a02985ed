import type { Drift } from '../contract'
import type { CaseSum } from './reckon'

export type NamedSum = CaseSum & { name?: string | undefined }

const BAND = 0.1
// A tenth is a tenth, whatever binary fractions make of it.
const EPSILON = 1e-9

export const scoreOf = ({ score }: Pick<CaseSum, 'score'>): number => score ?? 0

/** What is worse and what is better, beyond a tenth. What has no score counts as 0: it did not get better. */
export const driftOf = (
  baseline: readonly NamedSum[],
  current: readonly NamedSum[],
): Omit<Drift, 'baseline_id' | 'current_id'> => {
  const before = new Map(baseline.map((one) => [one.caseId, one]))
  const after = new Set(current.map(({ caseId }) => caseId))
  const both = current.flatMap((one) => {
    const old = before.get(one.caseId)
    if (!old) return []
    const [baseline_score, current_score] = [scoreOf(old), scoreOf(one)]
    const name = one.name === undefined ? {} : { case_name: one.name }
    return [{ case_id: one.caseId, ...name, baseline_score, current_score, delta: current_score - baseline_score }]
  })
  const regressions = both.filter(({ delta }) => delta < -BAND - EPSILON).sort((a, b) => a.delta - b.delta)
  const improvements = both.filter(({ delta }) => delta > BAND + EPSILON).sort((a, b) => b.delta - a.delta)
  const sum = (moved: typeof both) => moved.reduce((all, { delta }) => all + Math.abs(delta), 0)
  return {
    drift_score: both.length === 0 ? 0 : (sum(regressions) - sum(improvements)) / both.length,
    regressions,
    improvements,
    summary: {
      regressed_count: regressions.length,
      improved_count: improvements.length,
      unchanged_count: both.length - regressions.length - improvements.length,
      new_cases_count: current.length - both.length,
      removed_cases_count: baseline.filter(({ caseId }) => !after.has(caseId)).length,
    },
  }
}
