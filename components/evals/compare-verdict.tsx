import { CircleCheck, CircleHelp, Equal, type LucideIcon, TrendingDown } from 'lucide-react'
import { Figure } from '@/components/jobs/figure'
import { cn } from '@/components/ui/cn'
import { formatMoney } from '@/components/ui/format'
import type { Comparison } from '@/lib/evals/contract'
import { MICRO, percent, points, score, signed } from './eval-words'

type Verdict = Comparison['verdict']

const LOOKS: Record<Verdict, { icon: LucideIcon; look: string; title: string }> = {
  regressed: { icon: TrendingDown, look: 'border-bad bg-bad-soft text-bad', title: 'It became worse' },
  improved: { icon: CircleCheck, look: 'border-ok bg-ok-soft text-ok', title: 'It became better' },
  unchanged: { icon: Equal, look: 'border-line-strong bg-surface text-ink', title: 'It is as good as before' },
  inconclusive: { icon: CircleHelp, look: 'border-warn bg-warn-soft text-warn', title: 'It cannot be told' },
}

const counted = (count: number, one: string, many: string): string | null =>
  count === 0 ? null : `${count} ${count === 1 ? one : many}`

const told = ({ summary, is_complete: isComplete, p_value: chance }: Comparison): string => {
  const parts = [
    counted(summary.regressed_count, 'case is worse', 'cases are worse'),
    counted(summary.improved_count, 'case is better', 'cases are better'),
    counted(summary.unchanged_count, 'case is the same', 'cases are the same'),
    counted(summary.new_cases_count, 'case is new', 'cases are new'),
    counted(summary.removed_cases_count, 'case is gone', 'cases are gone'),
  ].filter((part) => part !== null)
  const flips = `${summary.newly_failed_count} passed before and do not now, ${summary.newly_passed_count} the other way`
  const luck =
    chance === null || summary.newly_failed_count + summary.newly_passed_count === 0
      ? ''
      : ` Chance alone does as much in ${percent(chance)} of such pairs.`
  const whole = isComplete ? '' : ' Not every case of both was scored, so this may still change.'
  return `${parts.join(', ')}. ${flips}.${luck}${whole}`
}

export const CompareVerdict = ({ comparison }: { comparison: Comparison }) => {
  const { icon: Icon, look, title } = LOOKS[comparison.verdict]
  return (
    <div className="grid gap-4">
      <section aria-label="Verdict" className={cn('grid gap-1 rounded-md border px-4 py-3', look)}>
        <h2 className="flex items-center gap-2 font-semibold text-title">
          <Icon aria-hidden className="size-4 shrink-0" /> {title}
        </h2>
        <p className="text-table">{told(comparison)}</p>
      </section>
      <Deltas comparison={comparison} />
    </div>
  )
}

const Deltas = ({ comparison }: { comparison: Comparison }) => {
  const { pass_rate: rate, avg_score: mean, cost } = comparison
  const spread =
    mean.low === null || mean.high === null
      ? 'too few cases for an interval'
      : `${signed(mean.low)} to ${signed(mean.high)} with 95 % confidence, ${mean.is_significant ? 'more than chance' : 'may be chance'}`
  return (
    <dl className="grid grid-cols-1 gap-px overflow-hidden rounded-md border border-line bg-line sheet:grid-cols-3">
      <Figure
        name="Passed"
        value={points(rate.delta)}
        note={`${percent(rate.baseline)} before, ${percent(rate.current)} now`}
        href={null}
      />
      <Figure
        name="Mean score"
        value={signed(mean.delta)}
        note={`${score(mean.baseline)} before, ${score(mean.current)} now; ${spread}`}
        href={null}
      />
      <Figure
        name="Cost"
        value={`${cost.delta > 0 ? '+' : ''}${formatMoney(Math.round(cost.delta * MICRO))}`}
        note={`${formatMoney(Math.round(cost.baseline * MICRO))} before, ${formatMoney(Math.round(cost.current * MICRO))} now`}
        href={null}
      />
    </dl>
  )
}
