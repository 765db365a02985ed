import { compareEvals, evalDrift, getEval } from '@/lib/evals'
import type { EvalReply } from '@/lib/evals/contract'
import { isProblem } from '@/lib/shared/problem'
import type { GivenPins, PinSet } from '@/lib/workspace'
import type { EvalGate } from '../contract/gates'
import { EVAL_USUAL } from '../gates'
import { type Checker, type Finding, fail, NOTHING_BEFORE, pass, unsure, type Work } from './check'
import { endEvaluation, startEvaluation } from './run-evaluation'

type Ids = { candidate: string; baseline: string | null }

type Judged = {
  dataset: string
  dataset_version: number | null
  eval_id: string | null
  baseline_id: string | null
  pass_rate: number | null
  baseline_pass_rate: number | null
  regressed: number | null
  regressions: string[]
  drift: number | null
  cost_usd: number
  faults: string[]
  is_compared: boolean
}

const MOST_NAMED = 20

const optionsOf = (gate: EvalGate) => {
  return {
    ...(gate.model === undefined ? {} : { model: gate.model }),
    repeats: gate.repeats ?? 1,
    cap_usd: gate.max_cost_usd ?? EVAL_USUAL.max_cost_usd,
    mock_tools: true,
    parallel: 4,
    pass_threshold: 1,
    case_threshold: 0.7,
  }
}

const isIds = (value: unknown): value is Ids => typeof value === 'object' && value !== null && 'candidate' in value

const itemOf = (list: unknown, at: number): unknown => (Array.isArray(list) ? list[at] : null)

const isJudged = (value: unknown): value is Judged =>
  typeof value === 'object' && value !== null && 'eval_id' in value && value.eval_id !== null

// Only what this promotion wrote down itself: an evaluation that somebody else made could have asked less.
const knownIds = ({ known }: Work, at: number): Ids | null => {
  const ids = itemOf(known['started'], at)
  if (isIds(ids)) return ids
  const judged = itemOf(known['evals'], at)
  return isJudged(judged) && judged.eval_id !== null
    ? { candidate: judged.eval_id, baseline: judged.baseline_id }
    : null
}

// What comes with the version where it runs, and not what its environment is pinned to by now. A gate may name a model.
const pinsOf = ({ skillPins, modelPin, providerPin }: PinSet, gate: EvalGate): GivenPins =>
  gate.model === undefined ? { skillPins, modelPin, providerPin } : { skillPins, modelPin: null, providerPin: null }

const begin = async ({ scope, subject }: Work, gate: EvalGate): Promise<Ids> => {
  const { route, target, versionHash, promotionId, next } = subject
  const by = promotionId === null ? {} : { promotion_id: promotionId }
  const of = { workspace_id: route.workspaceId, options: optionsOf(gate), ...by }
  const named = gate.version === undefined ? { name: gate.dataset } : { name: gate.dataset, version: gate.version }
  const wish = { ...of, dataset: named, environment: route.sourceEnv, version_hash: versionHash }
  const candidate = await startEvaluation(scope, wish, pinsOf(next, gate))
  if (target === null) return { candidate: candidate.id, baseline: null }
  // The same cases for both, also where somebody saves new ones in between.
  const same = candidate.version === null ? named : { name: gate.dataset, version: candidate.version }
  const other = { ...of, dataset: same, environment: route.targetEnv, version_hash: target.versionHash }
  const baseline = await startEvaluation(scope, other, pinsOf(target, gate))
  return { candidate: candidate.id, baseline: baseline.id }
}

const incomplete = ({ state, summary }: EvalReply): string[] => {
  const open = summary.errors + summary.pending + summary.inconclusive
  if (state !== 'completed') return [`it ended as ${state}`]
  return open > 0 ? [`${open} of ${summary.total} cases have no verdict`] : []
}

const compared = async (work: Work, gate: EvalGate, { candidate, baseline }: Ids) => {
  if (baseline === null) return { regressed: null, regressions: [], drift: null, rate: null, cost: 0, faults: [] }
  const before = await getEval(work.scope, baseline, { limit: 1 })
  const { comparison } = await compareEvals(work.scope, candidate, baseline, { change: 'regressed', limit: MOST_NAMED })
  const { drift } = await evalDrift(work.scope, candidate, baseline)
  const regressed = comparison.summary.regressed_count
  const most = gate.max_regressions ?? EVAL_USUAL.max_regressions
  const faults = [
    ...incomplete(before).map((fault) => `the target's evaluation cannot be compared with: ${fault}`),
    ...(regressed > most ? [`${regressed} cases became worse, ${most} may`] : []),
    ...(gate.max_drift !== undefined && drift.drift_score > gate.max_drift
      ? [`its drift is ${drift.drift_score}, ${gate.max_drift} is the most`]
      : []),
  ]
  return {
    ...{ regressed, regressions: comparison.cases.map(({ case_id }) => case_id), drift: drift.drift_score, faults },
    ...{ rate: comparison.pass_rate.baseline, cost: before.summary.total_cost },
  }
}

const judge = async (work: Work, gate: EvalGate, ids: Ids): Promise<Judged> => {
  const found = await getEval(work.scope, ids.candidate, { limit: 1 })
  const against = await compared(work, gate, ids)
  const rate = found.result.scores.pass_rate
  const low = gate.min_pass_rate !== undefined && rate < gate.min_pass_rate
  return {
    ...{ dataset: gate.dataset, dataset_version: found.result.dataset_version },
    ...{ eval_id: ids.candidate, baseline_id: ids.baseline, pass_rate: rate, baseline_pass_rate: against.rate },
    ...{ regressed: against.regressed, regressions: against.regressions, drift: against.drift },
    cost_usd: found.summary.total_cost + against.cost,
    faults: [
      ...incomplete(found),
      ...(low ? [`${Math.round(rate * 1000) / 10} percent passed, ${(gate.min_pass_rate ?? 0) * 100} must`] : []),
      ...against.faults,
    ],
    is_compared: ids.baseline !== null,
  }
}

const unknownDataset = ({ dataset }: EvalGate, code: string): Judged => ({
  ...{ dataset, dataset_version: null, eval_id: null, baseline_id: null, pass_rate: null, baseline_pass_rate: null },
  ...{ regressed: null, regressions: [], drift: null, cost_usd: 0, is_compared: false },
  faults: [code === 'not_found' ? 'there is no such dataset' : `it could not be run: ${code}`],
})

type Kept = { started: (Ids | null)[]; results: Judged[] }

const oneGate = async (work: Work, gate: EvalGate, at: number, kept: Kept): Promise<Judged> => {
  try {
    const ids = knownIds(work, at) ?? (await begin(work, gate))
    kept.started[at] = ids
    await work.progress({ ...kept })
    await endEvaluation(work.scope, ids.candidate, work.signal)
    if (ids.baseline !== null) await endEvaluation(work.scope, ids.baseline, work.signal)
    return await judge(work, gate, ids)
  } catch (error) {
    if (isProblem(error) && !work.signal.aborted) return unknownDataset(gate, error.code)
    throw error
  }
}

const verdict = (results: readonly Judged[]): Finding => {
  const evidence = { evals: results }
  const failed = results.filter(({ faults }) => faults.length > 0)
  if (failed.length > 0)
    return fail(failed.map(({ dataset, faults }) => `${dataset}: ${faults.join('; ')}.`).join(' '), evidence)
  const words = results.map(
    ({ dataset, pass_rate: rate }) => `${dataset} ${Math.round((rate ?? 0) * 1000) / 10} percent`,
  )
  if (results.some(({ is_compared }) => !is_compared))
    return unsure(`${words.join(', ')} passed. ${NOTHING_BEFORE}`, evidence)
  return pass(`${words.join(', ')} passed; no case became worse than the gate lets.`, evidence)
}

const NO_GATE = 'No gate asks for an evaluation.'

/** The datasets that the gates name, answered by the candidate and by what the target runs, case by case. */
export const evalBaseline: Checker = async (work) => {
  const { evals } = work.subject.gate
  if (evals.length === 0) return unsure(NO_GATE)
  const started = evals.map((_, at) => knownIds(work, at))
  const kept: Kept = { started, results: [] }
  for (const [at, gate] of evals.entries()) {
    kept.results.push(await oneGate(work, gate, at, kept))
    await work.progress({ ...kept })
  }
  return verdict(kept.results)
}

export const evalBaselineDry: Checker = ({ subject }) =>
  subject.gate.evals.length === 0
    ? unsure(NO_GATE)
    : unsure(`Runs once the promotion is asked for: ${subject.gate.evals.map(({ dataset }) => dataset).join(', ')}.`)
