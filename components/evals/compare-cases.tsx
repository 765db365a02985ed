'use client'

import { GitCompareArrows } from 'lucide-react'
import { useMay } from '@/components/shell/viewer'
import { diffHref, traceHref } from '@/components/traces/trace-words'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { formatCount, formatDuration, formatMoney } from '@/components/ui/format'
import type { ComparedCase, Comparison, Side } from '@/lib/evals/contract'
import { CaseBadge, ChangeBadge } from './eval-badges'
import { linkStyle, MICRO, score, signed } from './eval-words'
import { COMPARE_PAGE, type Compared } from './use-compared'

const WITHHELD = '[Sensitive content withheld]'

/** Each case with both answers side by side. */
export const CompareCases = ({ comparison, place }: { comparison: Comparison; place: Compared }) => (
  <>
    {comparison.cases.length === 0 ? (
      <p className="px-4 pb-4 text-ink-muted text-table">No case is like this.</p>
    ) : (
      <ul className="divide-y divide-line border-line border-t">
        {comparison.cases.map((one) => (
          <CaseLine key={one.case_id} one={one} />
        ))}
      </ul>
    )}
    {comparison.has_more || place.offset > 0 ? (
      <nav
        aria-label="Pages of cases"
        className="flex items-center justify-between gap-2 border-line border-t px-4 py-2"
      >
        <p className="text-ink-muted text-meta">
          {formatCount(comparison.offset + 1)} to {formatCount(comparison.offset + comparison.cases.length)} of{' '}
          {formatCount(comparison.total)}
        </p>
        <div className="flex gap-1.5">
          {place.offset > 0 ? (
            <Button size="small" onClick={() => place.go({ offset: Math.max(0, place.offset - COMPARE_PAGE) })}>
              Before
            </Button>
          ) : null}
          {comparison.has_more ? (
            <Button size="small" onClick={() => place.go({ offset: place.offset + COMPARE_PAGE })}>
              After
            </Button>
          ) : null}
        </div>
      </nav>
    ) : null}
  </>
)

const CaseLine = ({ one }: { one: ComparedCase }) => {
  const mayDiff = useMay('trace:diff')
  const [before, now] = [one.baseline?.trace_id ?? null, one.current?.trace_id ?? null]
  return (
    <li className="grid gap-2 px-4 py-3 text-table">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <ChangeBadge change={one.change} />
        <h3 className="min-w-0 break-words font-medium text-ink">{one.case_name ?? one.case_id}</h3>
        {one.is_same_case ? null : <Badge tone="warn">The case itself was edited</Badge>}
        <span className="ml-auto flex items-center gap-3">
          <span title="Change of the score">{one.delta === null ? '' : signed(one.delta)}</span>
          {mayDiff && before && now ? (
            <a href={diffHref(before, now)} className={`inline-flex items-center gap-1 ${linkStyle}`}>
              <GitCompareArrows aria-hidden className="size-3.5" /> Step by step
              <span className="sr-only">: {one.case_name ?? one.case_id}</span>
            </a>
          ) : null}
        </span>
      </div>
      <div className="grid gap-2 sheet:grid-cols-2">
        <SideView name="Before" side={one.baseline} />
        <SideView name="Now" side={one.current} />
      </div>
    </li>
  )
}

const SideView = ({ name, side }: { name: string; side: Side | null }) => (
  <div className="grid min-w-0 content-start gap-1.5 rounded-md border border-line bg-sunken p-3">
    {side === null ? (
      <p className="text-ink-muted">{name}: not there</p>
    ) : (
      <>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-muted text-meta">
          <span>{name}</span>
          <CaseBadge status={side.status} />
          <span>score {score(side.score)}</span>
          <span>{formatDuration(side.duration_ms)}</span>
          <span>{formatMoney(Math.round(side.cost * MICRO))}</span>
          {side.trace_id ? (
            <a href={traceHref(side.trace_id)} className={`ml-auto ${linkStyle}`}>
              Trace
            </a>
          ) : null}
        </p>
        <Answer text={side.actual_output} />
        {side.error ? <p className="break-words text-bad">{side.error}</p> : null}
      </>
    )}
  </div>
)

const MOST = 1_500

const Answer = ({ text }: { text: string | null }) => {
  if (text === null) return <p className="text-ink-muted">No answer</p>
  if (text === WITHHELD) return <p className="text-ink-muted">The answer is withheld; an admin sees it.</p>
  return (
    <p className="whitespace-pre-wrap break-words font-mono text-ink text-meta">
      {text.length > MOST
        ? `${text.slice(0, MOST)}… (${formatCount(text.length)} characters; the trace has all)`
        : text}
    </p>
  )
}
