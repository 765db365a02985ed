import { Figure } from '@/components/jobs/figure'
import { formatDuration, formatExactMoney, formatMoney } from '@/components/ui/format'
import { evalHref, isOpenState, MICRO, percent, type Reply, score, spread } from './eval-words'

const likeness = ({ scores }: Reply['result']): string =>
  [
    scores.avg_exact_match === null ? null : `exact ${score(scores.avg_exact_match)}`,
    scores.avg_semantic_similarity === null ? null : `alike ${score(scores.avg_semantic_similarity)}`,
    scores.avg_tool_call_match === null ? null : `calls ${score(scores.avg_tool_call_match)}`,
  ]
    .filter((part) => part !== null)
    .join(', ') || 'by the scorers of the run'

export const EvalFigures = ({ reply }: { reply: Reply }) => {
  const { result, summary } = reply
  const { scores, cap_usd: cap } = result
  const cost = Math.round(scores.total_cost * MICRO)
  const bad = summary.failed + summary.errors
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line rail:grid-cols-5 max-rail:*:last:col-span-2">
      <Figure
        name={isOpenState(reply.state) ? 'Passed so far' : 'Passed'}
        value={percent(scores.pass_rate)}
        note={scores.confidence ? spread(scores.confidence.pass_rate) : 'too few cases for an interval'}
        href={evalHref(reply.id, { status: 'passed' })}
      />
      <Figure
        name="Not passed"
        value={bad}
        note={`${summary.failed} failed, ${summary.errors} broke`}
        href={bad > 0 ? evalHref(reply.id, { status: summary.failed > 0 ? 'failed' : 'error' }) : null}
      />
      <Figure
        name="Mean score"
        value={score(scores.avg_score)}
        note={
          scores.confidence
            ? `${score(scores.confidence.avg_score.low)} to ${score(scores.confidence.avg_score.high)}; ${likeness(result)}`
            : likeness(result)
        }
        href={null}
      />
      <Figure
        name="Cost"
        value={<span title={formatExactMoney(cost)}>{formatMoney(cost)}</span>}
        note={cap === null ? 'no cap of its own' : `of at most ${formatMoney(cap * MICRO)}`}
        href={null}
      />
      <Figure
        name="A case took"
        value={formatDuration(scores.avg_duration_ms)}
        note={
          result.repeats > 1 ? `each tried ${result.repeats} times` : `${formatDuration(result.duration_ms)} in all`
        }
        href={null}
      />
    </dl>
  )
}
