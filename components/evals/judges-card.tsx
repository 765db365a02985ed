'use client'

import { QueryView } from '@/components/states/query-view'
import { Badge, type Tone } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { formatCount } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { Agreement } from '@/lib/evals/contract'
import { percent } from './eval-words'
import { useJudges } from './use-evals'

const READINGS: Record<Agreement['reading'], { name: string; tone: Tone }> = {
  unknown: { name: 'Not known yet', tone: 'system' },
  poor: { name: 'Poor', tone: 'bad' },
  slight: { name: 'Slight', tone: 'bad' },
  fair: { name: 'Fair', tone: 'warn' },
  moderate: { name: 'Moderate', tone: 'warn' },
  substantial: { name: 'Substantial', tone: 'ok' },
  almost_perfect: { name: 'Almost perfect', tone: 'ok' },
}

/** How far each judge says what people say. A judge that does not is not to be believed. */
export const JudgesCard = ({ evalId }: { evalId: string | null }) => (
  <Card title="Judges against people">
    <QueryView
      query={useJudges(evalId)}
      what="How far judges agree with people"
      skeleton={<Skeleton className="h-20" />}
    >
      {({ judges }) =>
        judges.length === 0 ? (
          <p className="text-ink-muted text-table">
            Nobody has labelled an answer that a judge decided. Open a case of a run with a judge and say whether it is
            good: after some twenty labels this tells how far the judge can be believed.
          </p>
        ) : (
          <ul className="divide-y divide-line">
            {judges.map((one) => (
              <JudgeLine key={`${one.judge} ${one.judge_hash}`} one={one} />
            ))}
          </ul>
        )
      }
    </QueryView>
  </Card>
)

const range = ({ kappa_low: low, kappa_high: high }: Agreement): string =>
  low === null || high === null ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)} with 95 % confidence)`

const JudgeLine = ({ one }: { one: Agreement }) => {
  const { confusion } = one
  return (
    <li className="grid gap-1 py-2 text-table first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 break-all font-medium">{one.judge}</span>
        <span className="break-all font-mono text-ink-muted text-meta">{one.model}</span>
        <Badge tone={READINGS[one.reading].tone}>{READINGS[one.reading].name}</Badge>
        <span className="ml-auto text-ink-soft">
          {one.agreement === null ? 'no agreement to tell' : `agrees in ${percent(one.agreement)}`} of{' '}
          {formatCount(one.labelled)} answers
        </span>
      </div>
      <p className="text-ink-muted">
        Kappa {one.kappa === null ? 'says nothing here' : `${one.kappa.toFixed(2)}${range(one)}`}. Both good{' '}
        {confusion.both_pass}, both not good {confusion.both_fail}, good for the judge alone {confusion.judge_only}, for
        people alone {confusion.human_only}
        {one.undecided > 0 ? `, undecided by the judge ${one.undecided}` : ''}.
      </p>
    </li>
  )
}
