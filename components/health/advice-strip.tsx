import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { Advice } from './advice'

const LOOKS = {
  bad: { icon: CircleX, ink: 'text-bad', soft: 'bg-bad-soft', word: 'Runs are in danger' },
  warn: {
    icon: TriangleAlert,
    ink: 'text-warn',
    soft: 'bg-warn-soft',
    word: 'Agents can run; something needs attention',
  },
  note: { icon: Info, ink: 'text-info', soft: 'bg-ok-soft', word: 'Agents can run' },
} as const

const FINE = { icon: CircleCheck, ink: 'text-ok', soft: 'bg-ok-soft', word: 'Agents can run' } as const

const headOf = (advice: readonly Advice[]) => {
  const worst = advice[0]?.level
  return worst === undefined || worst === 'note' ? FINE : LOOKS[worst]
}

const Line = ({ advice }: { advice: Advice }) => {
  const look = LOOKS[advice.level]
  return (
    <li className="flex items-start gap-2.5 px-4 py-2 text-table">
      <look.icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', look.ink)} strokeWidth={1.75} />
      <p className="min-w-0 break-words text-ink">
        <span className="font-medium">{advice.part}.</span> {advice.text}{' '}
        <span className="text-ink-muted">{advice.remedy}</span>
      </p>
    </li>
  )
}

export const AdviceStrip = ({ advice }: { advice: readonly Advice[] }) => {
  const head = headOf(advice)
  return (
    <section aria-label="Status" className="overflow-hidden rounded-md border border-line bg-surface">
      <h2 className={cn('flex min-h-11 items-center gap-2.5 px-4 py-2 font-semibold text-prose', head.soft, head.ink)}>
        <head.icon aria-hidden className="size-4 shrink-0" />
        {head.word}
      </h2>
      {advice.length > 0 ? (
        <ul className="divide-y divide-line">
          {advice.map((one) => (
            <Line key={`${one.part} ${one.text}`} advice={one} />
          ))}
        </ul>
      ) : null}
    </section>
  )
}
