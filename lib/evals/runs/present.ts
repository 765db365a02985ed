import { usdOf } from '@/lib/shared/money'
import { isProblemCode, PROBLEMS } from '@/lib/shared/problem'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import { type CaseResult, type EvalReply, type EvalSummary, KnownCase, type Part, type RunState } from '../contract'
import type { Weighed } from '../scorers/score-case'
import { saidOptions, scorersOf } from './kept-options'
import { type CaseSum, type CaseVerdict, marksOf, type Reckoned, sumOf } from './reckon'
import type { ResultRow, RunRow } from './store'
import { isEnded } from './work-run'

export const WITHHELD = '[Sensitive content withheld]'

const shortHash = (hash: string | null): string | null => (hash === null ? null : hash.slice(0, 16))

export const wireStatus = ({ status, outcome }: Pick<RunRow, 'status' | 'outcome'>): EvalReply['status'] => {
  if (status === 'cancelled') return 'cancelled'
  if (status !== 'completed' && status !== 'stopped') return 'running'
  return outcome === 'passed' || outcome === 'failed' ? outcome : 'inconclusive'
}

const verdictOf = (status: string): CaseVerdict =>
  status === 'queued' || status === 'answered' ? 'pending' : (status as CaseVerdict)

// The code is ours; what stands behind it may quote what was said.
const shownError = (error: string | null, isOpen: boolean): string | null => {
  if (error === null || isOpen) return error
  const [code = ''] = error.split(':')
  return isProblemCode(code) ? `${code}: ${PROBLEMS[code].text}` : error.startsWith('Not run') ? error : WITHHELD
}

const partsOf = (parts: readonly Weighed[], isOpen: boolean): Part[] =>
  parts.map(({ name, type, score, passed, required, note }) => ({
    ...{ name, type, score, passed, required },
    note: note === null || isOpen ? note : WITHHELD,
  }))

type Call = { name: string; arguments: unknown; success: boolean; permitted: boolean }

const callsOf = ({ toolCalls }: ResultRow, isOpen: boolean): Call[] =>
  ((toolCalls ?? []) as unknown as Call[]).map(({ name, arguments: args, success, permitted }) => ({
    ...{ name, success, permitted },
    arguments: isOpen ? (args ?? {}) : { withheld: true },
  }))

const outputOf = ({ output }: ResultRow, isOpen: boolean): string | null =>
  output === null || isOpen ? output : WITHHELD

const attemptOf = (row: ResultRow, isOpen: boolean) => ({
  attempt: row.attempt,
  status: verdictOf(row.status),
  actual_output: outputOf(row, isOpen),
  score: row.score,
  parts: partsOf(marksOf(row.scores).parts, isOpen),
  duration_ms: row.durationMs ?? 0,
  cost: usdOf(row.costMicroUsd),
  trace_id: row.traceId,
  error: shownError(row.error, isOpen),
})

// Of several attempts, the one that says most about the verdict: where the case failed, one that did.
const tellingOf = (rows: readonly ResultRow[], { status }: CaseSum): ResultRow | undefined =>
  rows.find((row) => row.status === status) ?? rows[0]

const meanOf = (rows: readonly ResultRow[], of: (row: ResultRow) => number | null): number | null => {
  const known = rows.flatMap((row) => of(row) ?? [])
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** A case with all attempts at it. What was answered is a payload of a run; what was asked is configuration. */
export const presentCase = (rows: readonly ResultRow[], isOpen: boolean): CaseResult => {
  const sum = sumOf(rows)
  const telling = tellingOf(rows, sum)
  const one = KnownCase.parse({ ...((telling?.caseBody ?? {}) as object), id: sum.caseId })
  const average = (key: 'exact_match' | 'semantic_similarity' | 'tool_call_match') =>
    meanOf(rows, (row) => marksOf(row.scores)[key])
  const error = telling ? shownError(telling.error, isOpen) : null
  return {
    case_id: sum.caseId,
    ...(one.name === undefined ? {} : { case_name: one.name }),
    status: sum.status,
    passed: sum.status === 'passed',
    input: one.input,
    ...(one.expected_output === undefined ? {} : { expected_output: one.expected_output }),
    actual_output: telling ? outputOf(telling, isOpen) : null,
    ...(one.expected_tool_calls === undefined ? {} : { expected_tool_calls: one.expected_tool_calls }),
    actual_tool_calls: telling ? callsOf(telling, isOpen) : [],
    score: sum.score,
    scores: {
      exact_match: average('exact_match'),
      semantic_similarity: average('semantic_similarity'),
      tool_call_match: average('tool_call_match'),
    },
    parts: telling ? partsOf(marksOf(telling.scores).parts, isOpen) : [],
    duration_ms: Math.round(meanOf(rows, ({ durationMs }) => durationMs) ?? 0),
    cost: usdOf(rows.reduce((all, { costMicroUsd }) => all + costMicroUsd, 0n)),
    trace_id: telling?.traceId ?? null,
    ...(error === null ? {} : { error }),
    ...(one.tags === undefined ? {} : { tags: one.tags }),
    ...(rows.length > 1 ? { attempts: rows.map((row) => attemptOf(row, isOpen)) } : {}),
    pass_count: sum.passCount,
    attempt_count: sum.attemptCount,
    is_flaky: sum.isFlaky,
    withheld: !isOpen,
  }
}

const timesOf = (row: RunRow) => ({
  started_at: toWireOrNull(row.startedAt),
  completed_at: toWireOrNull(row.completedAt),
})

const resultOf = (row: RunRow, { scores, sums, counts, durationMs }: Reckoned) => ({
  id: row.id,
  dataset_name: row.datasetName,
  dataset_version: row.datasetVersion,
  workspace_id: row.workspaceId,
  environment: row.environment,
  version_hash: shortHash(row.versionHash),
  model: row.model,
  ...(row.skillName === null ? {} : { skill_name: row.skillName }),
  ...(row.skillVersion === null ? {} : { skill_version: row.skillVersion }),
  scores,
  case_count: sums.length,
  pass_count: counts.passed,
  duration_ms: row.startedAt && row.completedAt ? row.completedAt.getTime() - row.startedAt.getTime() : durationMs,
  repeats: row.repeats,
  cap_usd: row.capMicroUsd === null ? null : usdOf(row.capMicroUsd),
  baseline_id: row.baselineId,
  promotion_id: row.promotionId,
  failure: row.failure,
  started_by: row.startedBy,
  scorers: scorersOf(row),
  options: saidOptions(row),
})

export const presentRun = (row: RunRow, found: Reckoned, cases: readonly CaseResult[]): EvalReply => {
  const { counts, scores, durationMs } = found
  return {
    status: wireStatus(row),
    state: row.status as RunState,
    id: row.id,
    result: { ...resultOf(row, found), cases: [...cases] },
    ...timesOf(row),
    results: cases.map((one) => ({
      case_id: one.case_id,
      status: one.status,
      actual_output: one.actual_output,
      ...(one.expected_output === undefined ? {} : { expected_output: one.expected_output }),
      score: one.score,
      duration_ms: one.duration_ms,
      trace_id: one.trace_id,
      ...(one.error === undefined ? {} : { error: one.error }),
    })),
    summary: {
      total: found.sums.length,
      passed: counts.passed,
      failed: counts.failed,
      errors: counts.errors,
      inconclusive: counts.inconclusive + counts.cancelled,
      pending: counts.pending,
      avg_score: scores.avg_score,
      total_duration_ms: durationMs,
      total_cost: scores.total_cost,
    },
  }
}

type Progress = { done: number; cost: number }

const NO_SCORES: EvalSummary['scores'] = {
  ...{ accuracy: 0, pass_rate: 0, avg_duration_ms: 0, total_cost: 0, avg_score: 0, confidence: null },
  ...{ avg_exact_match: null, avg_semantic_similarity: null, avg_tool_call_match: null },
}

export const presentSummary = (row: RunRow, progress: Progress): EvalSummary => {
  const scores = row.scores === null ? NO_SCORES : (row.scores as unknown as EvalSummary['scores'])
  const {
    scorers: _s,
    options: _o,
    ...result
  } = resultOf(row, {
    scores: isEnded(row) ? scores : { ...scores, total_cost: usdOf(progress.cost) },
    sums: [],
    counts: {
      ...{ passed: row.passCount, failed: row.failCount, errors: row.errorCount },
      ...{ inconclusive: row.inconclusiveCount, pending: 0, cancelled: 0 },
    },
    durationMs: 0,
    cost: row.costMicroUsd,
  })
  return {
    ...result,
    case_count: row.caseCount,
    status: wireStatus(row),
    state: row.status as RunState,
    done_count: isEnded(row) ? row.doneCount : progress.done,
    ...timesOf(row),
    created_at: toWire(row.createdAt),
  }
}
