import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { type Mocks, type Rehearsed, rehearse } from '@/lib/runtime'
import { isProblem, type Problem } from '@/lib/shared/problem'
import type { FileSkill } from '@/lib/skills'
import { type EvalOptions, KnownCase, type Scorer } from '../contract'
import {
  type Base,
  baseOf,
  isJudge,
  judgedPart,
  nameOf,
  type Outcome,
  ruledParts,
  verdictOf,
  type Weighed,
} from '../scorers/score-case'
import { saidText } from '../scorers/texts'
import type { ActualCall } from '../scorers/tool-calls'
import { askJudge } from './judge-answer'
import { givenPins } from './kept-options'
import { marksOf } from './reckon'
import { endResult } from './sql'
import type { ResultRow, RunRow } from './store'

const MOST_OUTPUT = 200_000
const MOST_ERROR = 500

// What every case of a run has in common.
export type Setting = {
  row: RunRow
  said: Partial<EvalOptions>
  scorers: readonly Scorer[]
  skills: readonly FileSkill[]
  // Whether the run is still held here: else what was cut off is asked again by whoever holds it.
  isHeld(): boolean
}

type ToolCall = ActualCall & { success: boolean; permitted: boolean }

type End = {
  status: string
  output: string | null
  calls: readonly ToolCall[]
  score: number | null
  base: Base
  parts: readonly Weighed[]
  ms: number | null
  cost: number
  trace: string | null
  error: string | null
}

// `costMicroUsd` is all that the attempt has cost so far.
export type Worked = { costMicroUsd: number; status: string }

const scorersFor = (setting: Setting, one: KnownCase): Scorer[] => [...setting.scorers, ...(one.scorers ?? [])]

const cleanParts = (scope: Scope, parts: readonly Weighed[]): Weighed[] =>
  parts.map((part) => (part.note === null ? part : { ...part, note: scope.redaction.text(part.note) }))

// `onSaid` hears that there is nothing more to ask, before all of it is written down.
type Context = { setting: Setting; one: KnownCase; result: ResultRow; onSaid: () => void }

const endWrite = (scope: Scope, { runId, caseId, attempt }: ResultRow, was: string, end: End): CommandWrite => ({
  statement: endResult,
  rows: [
    {
      ...{ run: runId, case: caseId, attempt, was },
      status: end.status,
      output: end.output === null ? null : scope.redaction.text(end.output.slice(0, MOST_OUTPUT)),
      calls: scope.redaction.value(end.calls),
      score: end.score,
      scores: { ...end.base, parts: cleanParts(scope, end.parts) },
      ms: end.ms,
      cost: end.cost,
      trace: end.trace,
      error: end.error === null ? null : scope.redaction.text(end.error.slice(0, MOST_ERROR)),
      done: storedTime(scope.clock.now()),
    },
  ],
})

const endWrites = (scope: Scope, { setting, result }: Context, was: string, end: End): CommandWrite[] =>
  setting.isHeld() ? [endWrite(scope, result, was, end)] : []

const NO_BASE: Base = { exact_match: null, semantic_similarity: null, tool_call_match: null }

const callsOf = ({ toolCalls }: Rehearsed): ToolCall[] =>
  toolCalls.map(({ name, arguments: args, success, permitted }) => ({ name, arguments: args, success, permitted }))

const failedEnd = (seen: Rehearsed): End => ({
  status: seen.error?.code === 'cancelled' ? 'cancelled' : 'error',
  output: seen.text === '' ? null : seen.text,
  calls: callsOf(seen),
  score: null,
  base: NO_BASE,
  parts: [],
  ms: seen.durationMs,
  cost: Number(seen.costMicroUsd),
  trace: seen.traceId,
  error: seen.error ? `${seen.error.code}: ${seen.error.message}` : 'The run failed.',
})

// An answer that was cut off is not the answer of this agent.
const isCut = ({ stopReason }: Rehearsed): boolean => stopReason === 'budget' || stopReason === 'step_limit'

const cutEnd = (seen: Rehearsed): End => ({
  ...failedEnd(seen),
  error: `${seen.stopReason}: The answer was cut off.`,
})

const outcomeOf = (seen: Rehearsed): Outcome => ({
  text: seen.text,
  toolCalls: callsOf(seen),
  durationMs: seen.durationMs,
  costMicroUsd: Number(seen.costMicroUsd),
})

const answeredEnd = ({ setting, one }: Context, seen: Rehearsed): End => {
  const scorers = scorersFor(setting, one)
  const outcome = outcomeOf(seen)
  const [base, parts] = [baseOf(one, outcome), ruledParts(scorers, one, outcome)]
  const verdict = verdictOf(base, parts, setting.said.case_threshold ?? 0.7)
  const isOpen = scorers.some(isJudge)
  return {
    status: isOpen ? 'answered' : verdict.status,
    output: seen.text,
    calls: callsOf(seen),
    score: isOpen ? null : verdict.score,
    ...{ base, parts },
    ms: seen.durationMs,
    cost: Number(seen.costMicroUsd),
    trace: seen.traceId,
    error: null,
  }
}

const endOf = (context: Context, seen: Rehearsed): End => {
  if (!seen.ok) return failedEnd(seen)
  return isCut(seen) ? cutEnd(seen) : answeredEnd(context, seen)
}

const mocksFor = ({ mocks }: KnownCase, { mock_tools = true }: Partial<EvalOptions>): Mocks =>
  mocks ?? (mock_tools ? 'all' : 'none')

const wishOf = ({ setting: { row, said, skills }, one }: Context) => ({
  kind: 'eval' as const,
  workspaceId: row.workspaceId,
  environment: row.environment ?? undefined,
  versionHash: row.versionHash ?? undefined,
  pins: givenPins(row),
  message: saidText(one.input),
  history: one.history,
  model: row.model,
  temperature: said.temperature,
  maxTokens: said.max_tokens,
  timeoutMs: said.timeout,
  mocks: mocksFor(one, said),
  skills,
  correlationId: row.id,
  userId: said.user_id,
  role: said.role,
})

// Refused before it began: nothing was spent, and the next case may fare better.
const refusedEnd = (problem: Problem): End => ({
  ...{ status: 'error', output: null, calls: [], score: null, base: NO_BASE, parts: [], ms: null, cost: 0 },
  trace: null,
  error: `${problem.code}: ${problem.message}`,
})

const MONEY: ReadonlySet<string> = new Set(['budget_exhausted', 'request_exceeds_budget', 'budget_in_flight'])
const LEAVING: ReadonlySet<string> = new Set(['shutting_down', 'ledger_unavailable', 'version_conflict'])

export const isLeaving = (error: unknown): boolean => isProblem(error) && LEAVING.has(error.code)

export const isMoney = (error: unknown): error is Problem => isProblem(error) && MONEY.has(error.code)

// It says nothing of the case: whoever goes on asks again.
const isOpenStill = (scope: Scope, { code }: Problem): boolean =>
  MONEY.has(code) || LEAVING.has(code) || scope.signal.aborted

const answer = async (scope: Scope, context: Context): Promise<End> => {
  try {
    const box: { end: End | null } = { end: null }
    await rehearse(scope, wishOf(context), (seen) => {
      box.end = endOf(context, seen)
      if (box.end.status !== 'answered') context.onSaid()
      return endWrites(scope, context, 'queued', box.end)
    })
    if (box.end === null) throw new Error('A rehearsal came to no end')
    return box.end
  } catch (error) {
    if (!isProblem(error) || isOpenStill(scope, error)) throw error
    const end = refusedEnd(error)
    await scope.command({ audit: [], writes: endWrites(scope, context, 'queued', end) })
    return end
  }
}

const keptEnd = (result: ResultRow): End => {
  const { parts, ...base } = marksOf(result.scores)
  return {
    status: 'answered',
    output: result.output,
    calls: (result.toolCalls ?? []) as unknown as ToolCall[],
    score: null,
    ...{ base, parts },
    ms: result.durationMs,
    cost: Number(result.costMicroUsd),
    trace: result.traceId,
    error: null,
  }
}

const finished = ({ setting, one }: Context, end: End): End => {
  const judges = scorersFor(setting, one).filter(isJudge)
  const known = new Set(end.parts.map(({ name }) => name))
  if (judges.some((judge) => !known.has(nameOf(judge)))) return end
  const verdict = verdictOf(end.base, end.parts, setting.said.case_threshold ?? 0.7)
  return { ...end, status: verdict.status, score: verdict.score }
}

const judged = async (scope: Scope, context: Context, before: End, judge: Extract<Scorer, { type: 'judge' }>) => {
  const { setting, one } = context
  const seen = { text: before.output ?? '', toolCalls: before.calls, durationMs: before.ms ?? 0, costMicroUsd: 0 }
  const box: { end: End | null } = { end: null }
  const about = { judge, one, seen, workspaceId: setting.row.workspaceId, correlationId: setting.row.id }
  const withPart = (said: Parameters<typeof judgedPart>[1], cost: number): End =>
    finished(context, { ...before, cost: before.cost + cost, parts: [...before.parts, judgedPart(judge, said)] })
  const written = (end: End): CommandWrite[] => {
    box.end = end
    return endWrites(scope, context, 'answered', end)
  }
  const without = (problem: Problem, cost: number): End =>
    isOpenStill(scope, problem)
      ? { ...before, cost: before.cost + cost }
      : withPart({ verdict: 'unsure', score: null, note: `The judge failed: ${problem.code}` }, cost)
  try {
    await askJudge(scope, about, {
      said: (said, cost) => written(withPart(said, cost)),
      failed: (problem, cost) => written(without(problem, cost)),
    })
  } catch (error) {
    if (!isProblem(error) || isOpenStill(scope, error)) throw error
    if (box.end === null) await scope.command({ audit: [], writes: written(without(error, 0)) })
  }
  if (box.end) return box.end
  throw new Error('A judge came to no end')
}

/** One attempt at one case, from wherever it stands: asked, scored by rules, then by each judge that is still to say. */
export const workCase = async (
  scope: Scope,
  setting: Setting,
  result: ResultRow,
  onSaid: () => void = () => undefined,
): Promise<Worked> => {
  const one = KnownCase.parse({ ...(result.caseBody as object), id: result.caseId })
  const context = { setting, one, result, onSaid }
  let end = result.status === 'answered' ? keptEnd(result) : await answer(scope, context)
  if (end.status === 'answered') {
    const known = new Set(end.parts.map(({ name }) => name))
    for (const scorer of scorersFor(setting, one))
      if (isJudge(scorer) && !known.has(nameOf(scorer))) end = await judged(scope, context, end, scorer)
  }
  return { status: end.status, costMicroUsd: end.cost }
}
