import type { Scope } from '@/lib/core/scope'
import type { QueryOf } from '@/lib/shared/contract'
import { stableJson } from '@/lib/shared/stable-json'
import type { CaseResult, ComparedCase, Comparison, compareEvals as contract, Drift, Side } from '../contract'
import { bootstrapOfMean, mcNemar, meanOf } from '../statistics/intervals'
import { driftOf, type NamedSum, scoreOf } from './drift'
import { requireRun } from './find-eval'
import { caseRows, openedBy, reckoned } from './get-eval'
import { presentCase } from './present'
import { byCase, type CaseSum, type Reckoned } from './reckon'
import type * as store from './store'

const BAND = 0.1

type Pair = { id: string; baseline: CaseSum | null; current: CaseSum | null }

const pairsOf = (baseline: readonly CaseSum[], current: readonly CaseSum[]): Pair[] => {
  const before = new Map(baseline.map((one) => [one.caseId, one]))
  const pairs: Pair[] = current.map((one) => ({
    id: one.caseId,
    baseline: before.get(one.caseId) ?? null,
    current: one,
  }))
  const after = new Set(current.map(({ caseId }) => caseId))
  const gone = baseline.filter(({ caseId }) => !after.has(caseId))
  return [...pairs, ...gone.map((one) => ({ id: one.caseId, baseline: one, current: null }))]
}

const isPass = ({ status }: CaseSum): boolean => status === 'passed'

// A pass that is none any more is worse, however little the score moved.
const changeOf = ({ baseline, current }: Pair): ComparedCase['change'] => {
  if (baseline === null) return 'new'
  if (current === null) return 'removed'
  if (isPass(baseline) !== isPass(current)) return isPass(current) ? 'improved' : 'regressed'
  const delta = scoreOf(current) - scoreOf(baseline)
  if (Math.abs(delta) <= BAND + 1e-9) return 'unchanged'
  return delta < 0 ? 'regressed' : 'improved'
}

const ORDER = { regressed: 0, new: 1, improved: 2, removed: 3, unchanged: 4 } as const

const deltaOf = ({ baseline, current }: Pair): number | null =>
  baseline && current ? scoreOf(current) - scoreOf(baseline) : null

type Changed = Pair & { change: ComparedCase['change']; delta: number | null }

const ordered = (pairs: readonly Pair[]): Changed[] =>
  pairs
    .map((pair) => ({ ...pair, change: changeOf(pair), delta: deltaOf(pair) }))
    .sort(
      (a, b) =>
        ORDER[a.change] - ORDER[b.change] ||
        (a.change === 'improved' ? (b.delta ?? 0) - (a.delta ?? 0) : (a.delta ?? 0) - (b.delta ?? 0)),
    )

const sideOf = (one: CaseResult | undefined): Side | null =>
  one === undefined
    ? null
    : {
        status: one.status,
        score: one.score,
        pass_rate: one.attempt_count === 0 ? 0 : one.pass_count / one.attempt_count,
        actual_output: one.actual_output,
        duration_ms: one.duration_ms,
        cost: one.cost,
        trace_id: one.trace_id,
        error: one.error ?? null,
      }

type Shown = { baseline: Map<string, CaseResult>; current: Map<string, CaseResult>; same: ReadonlySet<string> }

const casesOf = async (scope: Scope, id: string, sums: readonly (CaseSum | null)[]): Promise<store.ResultRow[]> =>
  caseRows(
    scope,
    id,
    sums.filter((one) => one !== null),
  )

const shownOf = async (scope: Scope, ids: readonly [string, string], page: readonly Changed[]): Promise<Shown> => {
  const isOpen = await openedBy(scope, ids[1])
  const [before, after] = [
    await casesOf(
      scope,
      ids[0],
      page.map(({ baseline }) => baseline),
    ),
    await casesOf(
      scope,
      ids[1],
      page.map(({ current }) => current),
    ),
  ]
  const present = (rows: readonly store.ResultRow[]) =>
    new Map(byCase(rows).map((attempts) => [attempts[0]?.caseId ?? '', presentCase(attempts, isOpen)]))
  const bodies = new Map(before.map(({ caseId, caseBody }) => [caseId, stableJson(caseBody)]))
  const same = new Set(
    after.filter(({ caseId, caseBody }) => bodies.get(caseId) === stableJson(caseBody)).map(({ caseId }) => caseId),
  )
  return { baseline: present(before), current: present(after), same }
}

const comparedCase = ({ id, change, delta }: Changed, { baseline, current, same }: Shown): ComparedCase => {
  const name = (current.get(id) ?? baseline.get(id))?.case_name
  return {
    case_id: id,
    ...(name === undefined ? {} : { case_name: name }),
    ...{ change, delta },
    is_same_case: same.has(id),
    baseline: sideOf(baseline.get(id)),
    current: sideOf(current.get(id)),
  }
}

const isWhole = (row: store.RunRow, { counts }: Reckoned): boolean =>
  row.status === 'completed' && counts.pending + counts.errors + counts.inconclusive + counts.cancelled === 0

const bothOf = (pairs: readonly Pair[]): { baseline: CaseSum; current: CaseSum }[] =>
  pairs.flatMap(({ baseline, current }) => (baseline && current ? [{ baseline, current }] : []))

type Sides = { rows: readonly [store.RunRow, store.RunRow]; found: readonly [Reckoned, Reckoned] }

const sidesOf = async (scope: Scope, baselineId: string, currentId: string): Promise<Sides> => {
  const rows = [await requireRun(scope, baselineId), await requireRun(scope, currentId)] as const
  return { rows, found: [await reckoned(scope, rows[0].id), await reckoned(scope, rows[1].id)] }
}

const named = ({ sums }: Reckoned): NamedSum[] => [...sums]

// Over the cases that both have, so that the change lies within its interval, whatever else was asked.
const averageOf = (pairs: readonly Changed[]): Comparison['avg_score'] => {
  const both = bothOf(pairs)
  const [before, after] = [both.map(({ baseline }) => scoreOf(baseline)), both.map(({ current }) => scoreOf(current))]
  const around = bootstrapOfMean(after.map((score, at) => score - (before[at] ?? 0)))
  return {
    baseline: meanOf(before),
    current: meanOf(after),
    delta: meanOf(after) - meanOf(before),
    low: around?.low ?? null,
    high: around?.high ?? null,
    is_significant: around !== null && (around.low > 0 || around.high < 0),
  }
}

const verdictOf = ({ rows, found }: Sides, pairs: readonly Changed[]): Comparison['verdict'] => {
  const has = (change: ComparedCase['change']) => pairs.some((pair) => pair.change === change)
  if (has('regressed')) return 'regressed'
  const isKnown = rows.every((row, at) => isWhole(row, found[at === 0 ? 0 : 1])) && bothOf(pairs).length > 0
  // Cases that are there no more may be those that would have failed.
  if (!isKnown || has('removed')) return 'inconclusive'
  return has('improved') ? 'improved' : 'unchanged'
}

const flips = (pairs: readonly Changed[]) => {
  const both = bothOf(pairs)
  return {
    newly_failed_count: both.filter(({ baseline, current }) => isPass(baseline) && !isPass(current)).length,
    newly_passed_count: both.filter(({ baseline, current }) => !isPass(baseline) && isPass(current)).length,
  }
}

type Page = Partial<Pick<QueryOf<typeof contract>, 'change' | 'limit' | 'offset'>>

/** Two evaluations case by case, what became worse before all else. */
export const compareEvals = async (
  scope: Scope,
  currentId: string,
  baselineId: string,
  { change, limit = 200, offset = 0 }: Page = {},
): Promise<{ comparison: Comparison }> => {
  const sides = await sidesOf(scope, baselineId, currentId)
  const [before, after] = sides.found
  const pairs = ordered(pairsOf(before.sums, after.sums))
  const wanted = pairs.filter((pair) => change === undefined || pair.change === change)
  const page = wanted.slice(offset, offset + limit)
  const ids = [sides.rows[0].id, sides.rows[1].id] as const
  const shown = await shownOf(scope, ids, page)
  const changed = flips(pairs)
  const count = (kind: ComparedCase['change']) => pairs.filter((pair) => pair.change === kind).length
  return {
    comparison: {
      ...{ baseline_id: ids[0], current_id: ids[1] },
      is_complete: sides.rows.every((row, at) => isWhole(row, at === 0 ? before : after)),
      verdict: verdictOf(sides, pairs),
      summary: {
        regressed_count: count('regressed'),
        improved_count: count('improved'),
        unchanged_count: count('unchanged'),
        new_cases_count: count('new'),
        removed_cases_count: count('removed'),
        ...changed,
      },
      pass_rate: {
        baseline: before.scores.pass_rate,
        current: after.scores.pass_rate,
        delta: after.scores.pass_rate - before.scores.pass_rate,
      },
      avg_score: averageOf(pairs),
      cost: {
        baseline: before.scores.total_cost,
        current: after.scores.total_cost,
        delta: after.scores.total_cost - before.scores.total_cost,
      },
      p_value: pairs.some(({ delta }) => delta !== null)
        ? mcNemar(changed.newly_failed_count, changed.newly_passed_count)
        : null,
      cases: page.map((one) => comparedCase(one, shown)),
      total: wanted.length,
      has_more: offset + page.length < wanted.length,
      ...{ limit, offset },
    },
  }
}

const namesOf = async (scope: Scope, id: string, sums: readonly CaseSum[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await caseRows(scope, id, sums)
  return new Map(
    rows.flatMap(({ caseId, caseBody }) => {
      const { name } = caseBody as { name?: unknown }
      return typeof name === 'string' ? [[caseId, name] as const] : []
    }),
  )
}

/** The drift of one evaluation against another. */
export const evalDrift = async (scope: Scope, currentId: string, baselineId: string): Promise<{ drift: Drift }> => {
  const { rows, found } = await sidesOf(scope, baselineId, currentId)
  const drift = driftOf(named(found[0]), named(found[1]))
  const moved = new Set([...drift.regressions, ...drift.improvements].map(({ case_id }) => case_id))
  const names = await namesOf(
    scope,
    rows[1].id,
    found[1].sums.filter(({ caseId }) => moved.has(caseId)),
  )
  const withName = <T extends { case_id: string }>(one: T) => {
    const name = names.get(one.case_id)
    return name === undefined ? one : { ...one, case_name: name }
  }
  return {
    drift: {
      baseline_id: rows[0].id,
      current_id: rows[1].id,
      ...drift,
      regressions: drift.regressions.map(withName),
      improvements: drift.improvements.map(withName),
    },
  }
}
