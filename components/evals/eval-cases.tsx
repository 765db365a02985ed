'use client'

import { ListChecks, Shuffle } from 'lucide-react'
import { EmptyState } from '@/components/states/empty-state'
import type { Column } from '@/components/table/column'
import { DataTable } from '@/components/table/data-table'
import { PeekPanel } from '@/components/table/peek-panel'
import { usePeek } from '@/components/table/use-peek'
import { Money, none, Took } from '@/components/traces/trace-cells'
import { traceHref } from '@/components/traces/trace-words'
import { Button } from '@/components/ui/button'
import { formatCount } from '@/components/ui/format'
import { Select } from '@/components/ui/select'
import type { CaseResult } from '@/lib/evals/contract'
import { CaseDetail } from './case-detail'
import { CaseBadge } from './eval-badges'
import { CASE_STATUSES, type CaseStatus, linkStyle, MICRO, type Reply, saidText, score } from './eval-words'
import { type CasesPlace, PAGE } from './use-cases-place'

const Attempts = ({ one }: { one: CaseResult }) =>
  one.attempt_count < 2 ? (
    none
  ) : (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      {one.pass_count} of {one.attempt_count}
      {one.is_flaky ? (
        <span title="Passes sometimes and fails sometimes" className="text-warn">
          <Shuffle aria-label="unsteady" className="size-3.5" />
        </span>
      ) : null}
    </span>
  )

const COLUMNS: readonly Column<CaseResult>[] = [
  {
    id: 'case',
    header: 'Case',
    lead: true,
    className: 'max-w-64',
    cell: (one) => (
      <span className="block truncate" title={one.case_name ?? one.case_id}>
        {one.case_name ?? one.case_id}
      </span>
    ),
  },
  { id: 'status', header: 'Status', cell: (one) => <CaseBadge status={one.status} /> },
  { id: 'score', header: 'Score', align: 'right', cell: (one) => score(one.score) },
  { id: 'attempts', header: 'Tries', align: 'right', from: 'wide', cell: (one) => <Attempts one={one} /> },
  {
    id: 'input',
    header: 'Asked',
    from: 'full',
    className: 'max-w-72',
    cell: (one) => <span className="block truncate text-ink-soft">{saidText(one.input)}</span>,
  },
  {
    id: 'took',
    header: 'Took',
    align: 'right',
    from: 'wide',
    cell: (one) => (one.status === 'pending' ? none : <Took ms={one.duration_ms} />),
  },
  {
    id: 'cost',
    header: 'Cost',
    align: 'right',
    from: 'wide',
    cell: (one) => <Money micro={Math.round(one.cost * MICRO)} />,
  },
  {
    id: 'trace',
    header: 'Trace',
    align: 'right',
    from: 'medium',
    cell: (one) =>
      one.trace_id ? (
        <a href={traceHref(one.trace_id)} className={linkStyle}>
          Trace<span className="sr-only"> of {one.case_name ?? one.case_id}</span>
        </a>
      ) : (
        none
      ),
  },
]

const OPTIONS = [
  { value: '', label: 'All cases' },
  ...(Object.keys(CASE_STATUSES) as CaseStatus[]).map((value) => ({ value, label: CASE_STATUSES[value].name })),
]

type CasesProps = { reply: Reply; place: CasesPlace }

export const EvalCases = ({ reply, place }: CasesProps) => {
  const peek = usePeek()
  const cases = reply.result.cases ?? []
  const chosen = cases.find((one) => one.case_id === peek.id)
  return (
    <div className="flex items-start gap-4">
      <section aria-label="Cases" className="@container/table min-w-0 grow rounded-md border border-line bg-surface">
        <div className="flex flex-wrap items-center gap-2 px-4 py-2">
          <Select
            aria-label="Cases shown"
            options={OPTIONS}
            value={place.status ?? ''}
            onChange={(event) =>
              place.go({
                status: OPTIONS.find(({ value }) => value === event.target.value && value !== '')?.value as CaseStatus,
                offset: null,
                peek: null,
              })
            }
          />
        </div>
        {cases.length === 0 ? (
          <EmptyState
            icon={ListChecks}
            title={place.status ? `No case is ${CASE_STATUSES[place.status].name.toLowerCase()}` : 'No case here'}
            text="Choose another state above to see the other cases."
          />
        ) : (
          <DataTable caption="Cases of this evaluation" columns={COLUMNS} rows={cases} rowId={(one) => one.case_id} />
        )}
        <Pages reply={reply} place={place} shown={cases.length} />
      </section>
      <PeekPanel peek={peek} title={chosen?.case_name ?? peek.id ?? 'Case'}>
        {chosen ? (
          <CaseDetail key={chosen.case_id} id={reply.id} one={chosen} scorers={reply.result.scorers} />
        ) : (
          <p className="text-ink-muted text-table">It is not on this page of cases.</p>
        )}
      </PeekPanel>
    </div>
  )
}

const Pages = ({ reply, place, shown }: CasesProps & { shown: number }) => {
  const isMore = shown === PAGE
  if (place.offset === 0 && (!isMore || reply.summary.total <= PAGE)) return null
  return (
    <nav aria-label="Pages of cases" className="flex items-center justify-between gap-2 border-line border-t px-4 py-2">
      <p className="text-ink-muted text-meta">
        {formatCount(place.offset + 1)} to {formatCount(place.offset + shown)} of {formatCount(reply.summary.total)}{' '}
        cases
      </p>
      <div className="flex gap-1.5">
        {place.offset > 0 ? (
          <Button size="small" onClick={() => place.go({ offset: Math.max(0, place.offset - PAGE), peek: null })}>
            Before
          </Button>
        ) : null}
        {isMore ? (
          <Button size="small" onClick={() => place.go({ offset: place.offset + PAGE, peek: null })}>
            After
          </Button>
        ) : null}
      </div>
    </nav>
  )
}
