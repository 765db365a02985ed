import { usdOf } from '@/lib/shared/money'
import type { Scores } from '../contract'
import type { Base, Weighed } from '../scorers/score-case'
import { bootstrapOfMean, meanOf, SEED, wilson } from '../statistics/intervals'
import type { Mark } from './store'

export type Marks = Base & { parts: readonly Weighed[] }

const NO_MARKS: Marks = { exact_match: null, semantic_similarity: null, tool_call_match: null, parts: [] }

export const marksOf = (scores: unknown): Marks => ({ ...NO_MARKS, ...(scores as Partial<Marks>) })

export type CaseVerdict = 'passed' | 'failed' | 'error' | 'inconclusive' | 'cancelled' | 'pending'

export type CaseSum = {
  caseId: string
  position: number
  status: CaseVerdict
  score: number | null
  passCount: number
  attemptCount: number
  isFlaky: boolean
}

type Attempted = Pick<Mark, 'caseId' | 'position' | 'status' | 'score'>

const statusOf = (statuses: readonly string[]): CaseVerdict => {
  const count = (status: string) => statuses.filter((one) => one === status).length
  if (count('queued') + count('answered') > 0) return 'pending'
  if (count('cancelled') > 0) return 'cancelled'
  const [passed, failed] = [count('passed'), count('failed')]
  if (passed > statuses.length / 2) return 'passed'
  if (count('error') > 0 && count('error') >= failed) return 'error'
  // As many that pass as fail is no pass.
  return count('inconclusive') > failed ? 'inconclusive' : 'failed'
}

/** What all attempts at a case come to: more than half of them have to pass. */
export const sumOf = (attempts: readonly Attempted[]): CaseSum => {
  const [first] = attempts
  const statuses = attempts.map(({ status }) => status)
  const passCount = statuses.filter((status) => status === 'passed').length
  const known = attempts.flatMap(({ score }) => score ?? [])
  return {
    caseId: first?.caseId ?? '',
    position: first?.position ?? 0,
    status: statusOf(statuses),
    score: known.length === 0 ? null : meanOf(known),
    passCount,
    attemptCount: attempts.length,
    isFlaky: passCount > 0 && passCount < attempts.length,
  }
}

export const byCase = <T extends { position: number }>(rows: readonly T[]): T[][] => {
  const cases = new Map<number, T[]>()
  for (const row of rows) {
    const known = cases.get(row.position)
    if (known) known.push(row)
    else cases.set(row.position, [row])
  }
  return [...cases.values()]
}

export type Counts = Record<'passed' | 'failed' | 'errors' | 'inconclusive' | 'pending' | 'cancelled', number>

export const countsOf = (sums: readonly Pick<CaseSum, 'status'>[]): Counts => {
  const count = (status: CaseVerdict) => sums.filter((one) => one.status === status).length
  return {
    passed: count('passed'),
    failed: count('failed'),
    errors: count('error'),
    inconclusive: count('inconclusive'),
    pending: count('pending'),
    cancelled: count('cancelled'),
  }
}

const meanOrNull = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : meanOf(known)
}

// Attempts at one case are no cases of their own: what passes, is counted and is drawn anew is cases.
const confidenceOf = (sums: readonly CaseSum[]): Scores['confidence'] => {
  if (sums.length === 0) return null
  const around = bootstrapOfMean(sums.flatMap(({ score }) => score ?? []))
  if (around === null) return null
  const passed = sums.filter(({ status }) => status === 'passed').length
  return {
    level: 0.95,
    seed: SEED,
    pass_rate: { ...wilson(passed / sums.length, sums.length), method: 'wilson' },
    avg_score: { ...around, method: 'bootstrap' },
  }
}

export type Reckoned = { scores: Scores; counts: Counts; sums: readonly CaseSum[]; durationMs: number; cost: bigint }

/** Everything that is counted of a run, from its results. */
export const reckon = (marks: readonly Mark[]): Reckoned => {
  const sums = byCase(marks).map(sumOf)
  const counts = countsOf(sums)
  const decided = counts.passed + counts.failed
  const details = marks.map(({ scores }) => marksOf(scores))
  const times = marks.flatMap(({ durationMs }) => durationMs ?? [])
  const cost = marks.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0n)
  const known = sums.flatMap(({ score }) => score ?? [])
  const scores: Scores = {
    accuracy: decided === 0 ? 0 : counts.passed / decided,
    pass_rate: sums.length === 0 ? 0 : counts.passed / sums.length,
    avg_exact_match: meanOrNull(details.map(({ exact_match }) => exact_match)),
    avg_semantic_similarity: meanOrNull(details.map(({ semantic_similarity }) => semantic_similarity)),
    avg_tool_call_match: meanOrNull(details.map(({ tool_call_match }) => tool_call_match)),
    avg_duration_ms: Math.round(meanOf(times)),
    total_cost: usdOf(cost),
    avg_score: meanOf(known),
    confidence: confidenceOf(sums),
  }
  return { scores, counts, sums, durationMs: times.reduce((sum, ms) => sum + ms, 0), cost }
}

/** Whether a run that came to its end is a pass. What nobody could judge is none. */
export const outcomeOf = ({ counts, sums }: Reckoned, threshold: number): 'passed' | 'failed' | 'inconclusive' => {
  if (sums.length === 0) return 'inconclusive'
  if (counts.passed / sums.length >= threshold) return 'passed'
  const open = counts.inconclusive + counts.cancelled + counts.pending
  // It could still have been a pass, had all of them been decided.
  return (counts.passed + open) / sums.length >= threshold ? 'inconclusive' : 'failed'
}
