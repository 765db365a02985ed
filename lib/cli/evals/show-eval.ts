import type { CaseResult, Comparison, EvalReply } from '@/lib/evals/contract'
import { plain } from '../approvals/show'
import { junitOf } from '../junit'

const SIGNS: Readonly<Record<string, string>> = { passed: '✓', failed: '✗', error: '!', inconclusive: '?' }
const MOST_CASES = 50
const MOST_TEXT = 160

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`
const cut = (text: string): string => plain(text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text)
const saidOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const reasonsOf = (one: CaseResult): string[] => [
  ...(one.error === undefined ? [] : [one.error]),
  ...one.parts.flatMap(({ name, passed, note }) => (passed === false ? [`${name}: ${note ?? 'not met'}`] : [])),
  ...one.parts.flatMap(({ name, passed, note }) => (passed === null ? [`${name}: ${note ?? 'not decided'}`] : [])),
]

const whyOf = (one: CaseResult): string =>
  reasonsOf(one).join('; ') ||
  (one.status === 'inconclusive' ? 'nothing is expected in this case' : `score ${(one.score ?? 0).toFixed(2)}`)

const caseLines = (one: CaseResult, width: number): string[] => {
  const name = plain(one.case_name ?? one.case_id)
  const score = one.score === null ? '   -' : one.score.toFixed(2)
  const flaky = one.is_flaky ? `  ${one.pass_count} of ${one.attempt_count}` : ''
  const head = `  ${SIGNS[one.status] ?? '·'} ${name.padEnd(width)}  ${score}  ${one.duration_ms} ms${flaky}`
  if (one.status === 'passed') return [head]
  const answer = one.actual_output === null ? [] : [`      answered ${cut(JSON.stringify(one.actual_output))}`]
  const wanted = one.expected_output === undefined ? [] : [`      expected ${cut(JSON.stringify(one.expected_output))}`]
  return [head, `      ${cut(whyOf(one))}`, ...wanted, ...answer]
}

const confidenceOf = ({ result: { scores } }: EvalReply): string => {
  const around = scores.confidence?.pass_rate
  return around ? ` (95%: ${percent(around.low)} to ${percent(around.high)})` : ''
}

/** What an evaluation came to, for people. */
export const evalLines = (reply: EvalReply): string[] => {
  const { result, summary } = reply
  const cases = result.cases ?? []
  const shown = [...cases.filter(({ passed }) => !passed), ...cases.filter(({ passed }) => passed)].slice(0, MOST_CASES)
  const width = Math.max(4, ...shown.map((one) => plain(one.case_name ?? one.case_id).length))
  const more = cases.length - shown.length
  const version = result.version_hash === null ? '' : `  version ${result.version_hash}`
  return [
    `${plain(result.dataset_name)}  ${plain(result.model)}${version}`,
    ...shown.flatMap((one) => caseLines(one, width)),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
    `${summary.passed} passed, ${summary.failed} failed, ${summary.errors} errors, ${summary.inconclusive} inconclusive`,
    `pass rate ${percent(result.scores.pass_rate)}${confidenceOf(reply)}, score ${summary.avg_score.toFixed(3)}, ${summary.total_cost.toFixed(6)} USD`,
    ...(result.failure === null ? [] : [`It ended early: ${result.failure}`]),
    `eval ${reply.id}`,
  ]
}

const signed = (value: number, digits = 3): string => `${value >= 0 ? '+' : ''}${value.toFixed(digits)}`

/** What became worse and what became better, the worse before all else. */
export const comparisonLines = (found: Comparison): string[] => {
  const { summary, cases, avg_score: score, pass_rate: rate, p_value: p } = found
  const moved = cases.filter(({ change }) => change === 'regressed' || change === 'improved').slice(0, MOST_CASES)
  const width = Math.max(4, ...moved.map((one) => plain(one.case_name ?? one.case_id).length))
  const within =
    score.low === null || score.high === null ? '' : ` (95%: ${signed(score.low)} to ${signed(score.high)})`
  return [
    '',
    `Compared with ${found.baseline_id}: ${found.verdict}`,
    ...moved.map((one) => {
      const name = plain(one.case_name ?? one.case_id).padEnd(width)
      const edited = one.is_same_case ? '' : '  (the case was edited)'
      return `  ${one.change === 'regressed' ? '▼' : '▲'} ${name}  ${one.baseline?.status} → ${one.current?.status}  ${signed(one.delta ?? 0, 2)}${edited}`
    }),
    `${summary.regressed_count} regressed, ${summary.improved_count} improved, ${summary.unchanged_count} unchanged, ${summary.new_cases_count} new, ${summary.removed_cases_count} removed`,
    `pass rate ${signed(rate.delta * 100, 1)} points, score ${signed(score.delta)}${within}, cost ${signed(found.cost.delta, 6)} USD${p === null ? '' : `, p = ${p.toFixed(3)}`}`,
  ]
}

/** The report that build servers read: what did not pass, and what became worse. */
export const evalJunit = (reply: EvalReply, compared: Comparison | null): string => {
  const worse = new Set(compared?.cases.flatMap((one) => (one.change === 'regressed' ? [one.case_id] : [])))
  return junitOf(
    'clasper eval run',
    (reply.result.cases ?? []).map((one) => {
      const reasons = [
        ...(one.passed ? [] : [`${one.status}: ${whyOf(one)}`]),
        ...(worse.has(one.case_id) ? ['worse than the baseline'] : []),
        ...(one.passed || one.expected_output === undefined ? [] : [`expected ${cut(saidOf(one.expected_output))}`]),
      ]
      const about = { classname: reply.result.dataset_name, name: one.case_name ?? one.case_id }
      return reasons.length === 0 ? about : { ...about, failure: reasons.join('; ') }
    }),
  )
}
