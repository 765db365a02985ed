import { shortHash } from '../candidate'
import { IMPACT_LEVELS } from '../contract'
import type { Gate } from '../contract/gates'
import { type Checker, type Finding, fail, pass, unsure, type Work } from './check'
import { recentRuns } from './recent-runs'
import { type Replayed, replayRun } from './replay-run'

type Tally = {
  asked: number
  replayed: number
  same: number
  differs: number
  fails: number
  not_replayed: number
  changed_percent: number
  cost_before_micro_usd: number
  cost_micro_usd: number
  cost_factor: number | null
  cost_percent: number | null
  stopped_by: 'money' | 'time' | null
}

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10)

const sumOf = (rows: readonly Replayed[], pick: (row: Replayed) => number): number =>
  rows.reduce((sum, row) => sum + pick(row), 0)

export const tallyOf = (rows: readonly Replayed[], asked: number, stoppedBy: Tally['stopped_by']): Tally => {
  const count = (outcome: Replayed['outcome']) => rows.filter((row) => row.outcome === outcome).length
  const done = rows.filter(({ outcome }) => outcome !== 'not_replayed')
  const [before, now] = [sumOf(done, (row) => row.cost_before_micro_usd), sumOf(done, (row) => row.cost_micro_usd)]
  const factor = before > 0 ? Math.round((now / before) * 1000) / 1000 : null
  return {
    ...{ asked, replayed: done.length, same: count('same'), differs: count('differs'), fails: count('fails') },
    not_replayed: count('not_replayed') + asked - rows.length,
    changed_percent: percent(count('differs') + count('fails'), done.length),
    ...{ cost_before_micro_usd: before, cost_micro_usd: now, cost_factor: factor },
    cost_percent: factor === null ? null : Math.round((factor - 1) * 1000) / 10,
    stopped_by: stoppedBy,
  }
}

const isReplayed = (value: unknown): value is Replayed =>
  typeof value === 'object' && value !== null && 'trace_id' in value

const knownRows = (known: Record<string, unknown>): Replayed[] => {
  const rows = known['replays']
  return Array.isArray(rows) ? rows.filter(isReplayed) : []
}

// One after another: what the next may cost is known from those before it.
const replayAll = async ({ scope, subject, known, progress, signal }: Work, ids: readonly string[]) => {
  const { max_cost_usd: dollars, max_minutes: minutes } = subject.gate.impact
  const [cap, until] = [dollars * 1_000_000, scope.clock.now().getTime() + minutes * 60_000]
  const rows = knownRows(known).filter(({ trace_id }) => ids.includes(trace_id))
  const { next, versionHash, candidate } = subject
  const tried = { next, versionHash, skillVersions: candidate.skillVersions }
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(minutes * 60_000))])
  for (const id of ids.filter((one) => !rows.some(({ trace_id }) => trace_id === one))) {
    const spent = sumOf(rows, ({ cost_micro_usd }) => cost_micro_usd)
    const dearest = Math.max(0, ...rows.map(({ cost_micro_usd }) => cost_micro_usd))
    if (spent > 0 && spent + dearest > cap) return { rows, stoppedBy: 'money' as const }
    if (cap === 0) return { rows, stoppedBy: 'money' as const }
    if (scope.clock.now().getTime() >= until || deadline.aborted) break
    rows.push(await replayRun(scope, id, tried, deadline))
    signal.throwIfAborted()
    await progress({ replays: rows, asked: ids.length })
  }
  return { rows, stoppedBy: rows.length < ids.length ? ('time' as const) : null }
}

type Impact = Gate['impact']

const faultsOf = (tally: Tally, gate: Impact): string[] => {
  const { max_changed_percent: changed, max_new_failures: failures, max_cost_increase_percent: dearer } = gate
  return [
    ...(failures !== null && tally.fails > failures ? [`${tally.fails} runs fail that did not`] : []),
    ...(changed !== null && tally.changed_percent > changed ? [`${tally.changed_percent} percent differ`] : []),
    ...(dearer !== null && tally.cost_percent !== null && tally.cost_percent > dearer
      ? [`they cost ${tally.cost_percent} percent more`]
      : []),
  ]
}

const worded = ({ replayed, asked, differs, fails, cost_percent: cost }: Tally): string =>
  `${replayed} of ${asked} recent runs were replayed: ${differs} differ, ${fails} newly fail${cost === null ? '' : `, cost ${cost >= 0 ? '+' : ''}${cost} percent`}.`

const levelOf = (impact: Record<string, unknown> | undefined): (typeof IMPACT_LEVELS)[number] | null => {
  const risk = impact?.['risk']
  const level = typeof risk === 'object' && risk !== null && 'level' in risk ? risk.level : null
  return IMPACT_LEVELS.find((name) => name === level) ?? null
}

const verdict = (tally: Tally, gate: Impact, evidence: Record<string, unknown>): Finding => {
  const faults = faultsOf(tally, gate)
  if (faults.length > 0) return fail(`${worded(tally)} Too much: ${faults.join('; ')}.`, evidence)
  if (tally.replayed < tally.asked || tally.asked === 0) {
    const words = tally.asked === 0 ? 'The target has no run that could be replayed.' : worded(tally)
    return gate.required ? fail(`${words} The gate asks for all of them.`, evidence) : unsure(words, evidence)
  }
  return pass(worded(tally), evidence)
}

type Analyse = (work: Work) => Promise<Record<string, unknown>>

/** What would have become of the newest runs of the target, had the candidate answered them. */
export const impactReviewed =
  (analyse: Analyse, isDry = false): Checker =>
  async (work) => {
    const { subject, extras, scope } = work
    const gate = subject.gate.impact
    const analysis = await analyse(work)
    extras.impact = analysis
    const level = levelOf(analysis)
    const shown = { analysis_level: level, max_risk: gate.max_risk, version_hash: shortHash(subject.versionHash) }
    if (level !== null && IMPACT_LEVELS.indexOf(level) > IMPACT_LEVELS.indexOf(gate.max_risk))
      return fail(`The change is of ${level} risk; ${gate.max_risk} is the most.`, shown)
    if (subject.target === null) return unsure('The target runs nothing yet, so no run of it can be replayed.', shown)
    if (gate.replays === 0)
      return pass(`The change was looked through: ${level ?? 'unknown'} risk. The gate asks for no replays.`, shown)
    if (isDry) return unsure(`${gate.replays} recent runs are replayed once the promotion is asked for.`, shown)
    const ids = await recentRuns(scope, subject.route, gate.replays)
    const { rows, stoppedBy } = await replayAll(work, ids)
    const tally = tallyOf(rows, ids.length, stoppedBy)
    extras.impact = { ...analysis, replay: tally, cost_factor: tally.cost_factor }
    return verdict(tally, gate, { ...shown, ...tally, replays: rows })
  }
