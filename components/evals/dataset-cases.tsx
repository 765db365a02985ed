'use client'

import { ListChecks } from 'lucide-react'
import { useMay } from '@/components/shell/viewer'
import { EmptyState } from '@/components/states/empty-state'
import type { Column } from '@/components/table/column'
import { DataTable } from '@/components/table/data-table'
import { PeekPanel } from '@/components/table/peek-panel'
import { usePeek } from '@/components/table/use-peek'
import { none } from '@/components/traces/trace-cells'
import { traceHref } from '@/components/traces/trace-words'
import { Button } from '@/components/ui/button'
import { formatCount } from '@/components/ui/format'
import { linkStyle, saidText } from './eval-words'
import { StoredCaseDetail } from './stored-case-detail'
import { TakeOut } from './take-out-dialog'
import { CASES_PAGE, type DatasetPlace, type DatasetReply, type StoredCase } from './use-dataset-place'

const COLUMNS: readonly Column<StoredCase>[] = [
  {
    id: 'case',
    header: 'Case',
    lead: true,
    className: 'max-w-56',
    cell: (one) => (
      <span className="block truncate" title={one.name ?? one.id}>
        {one.name ?? one.id}
      </span>
    ),
  },
  {
    id: 'input',
    header: 'Asked',
    from: 'medium',
    className: 'max-w-80',
    cell: (one) => <span className="block truncate text-ink-soft">{saidText(one.input)}</span>,
  },
  {
    id: 'expected',
    header: 'Expected',
    from: 'wide',
    className: 'max-w-72',
    cell: (one) =>
      one.expected_output === undefined ? (
        none
      ) : (
        <span className="block truncate text-ink-soft">{saidText(one.expected_output)}</span>
      ),
  },
  {
    id: 'tags',
    header: 'Tags',
    from: 'full',
    className: 'max-w-40',
    cell: (one) => <span className="block truncate text-ink-muted">{one.tags?.join(', ') ?? ''}</span>,
  },
  {
    id: 'since',
    header: 'Since',
    align: 'right',
    from: 'full',
    cell: (one) => `v${one.since_version}`,
  },
  {
    id: 'trace',
    header: 'From',
    align: 'right',
    from: 'medium',
    cell: (one) =>
      one.trace_id ? (
        <a href={traceHref(one.trace_id)} className={linkStyle}>
          Trace
        </a>
      ) : (
        none
      ),
  },
]

type CasesProps = { reply: DatasetReply; place: DatasetPlace }

export const DatasetCases = ({ reply, place }: CasesProps) => {
  const peek = usePeek()
  const may = useMay('eval:run')
  const { dataset, cases, version } = reply
  const isNewest = version === dataset.version
  const chosen = cases.find(({ id }) => id === peek.id)
  const mayEdit = may && isNewest
  return (
    <div className="flex items-start gap-4">
      <section aria-label="Cases" className="@container/table min-w-0 grow rounded-md border border-line bg-surface">
        <p className="flex min-h-11 flex-wrap items-center gap-x-3 px-4 py-2 text-ink-soft text-table">
          <span>
            {formatCount(reply.total)} {reply.total === 1 ? 'case' : 'cases'} of v{version}
          </span>
          {isNewest ? null : (
            <span className="text-warn">
              This is not the newest version, so it is only read.{' '}
              <button
                type="button"
                className={linkStyle}
                onClick={() => place.go({ version: null, offset: null, peek: null })}
              >
                To v{dataset.version}
              </button>
            </span>
          )}
        </p>
        {cases.length === 0 ? (
          <EmptyState
            icon={ListChecks}
            title="It holds no cases"
            text="Add one, import a file, or take some from traces."
          />
        ) : (
          <DataTable
            caption={`Cases of ${dataset.name}`}
            columns={COLUMNS}
            rows={cases}
            rowId={({ id }) => id}
            {...(mayEdit
              ? {
                  selection: (rows: StoredCase[], clear: () => void) => (
                    <TakeOut dataset={dataset} rows={rows} clear={clear} />
                  ),
                }
              : {})}
          />
        )}
        <Pages reply={reply} place={place} />
      </section>
      <PeekPanel peek={peek} title={chosen?.name ?? peek.id ?? 'Case'}>
        {chosen ? (
          <StoredCaseDetail key={chosen.id} dataset={dataset} one={chosen} mayEdit={mayEdit} />
        ) : (
          <p className="text-ink-muted text-table">It is not among these cases.</p>
        )}
      </PeekPanel>
    </div>
  )
}

const Pages = ({ reply, place }: CasesProps) => {
  if (!reply.has_more && reply.offset === 0) return null
  return (
    <nav aria-label="Pages of cases" className="flex items-center justify-between gap-2 border-line border-t px-4 py-2">
      <p className="text-ink-muted text-meta">
        {formatCount(reply.offset + 1)} to {formatCount(reply.offset + reply.cases.length)} of{' '}
        {formatCount(reply.total)}
      </p>
      <div className="flex gap-1.5">
        {reply.offset > 0 ? (
          <Button size="small" onClick={() => place.go({ offset: Math.max(0, reply.offset - CASES_PAGE), peek: null })}>
            Before
          </Button>
        ) : null}
        {reply.has_more ? (
          <Button size="small" onClick={() => place.go({ offset: reply.offset + CASES_PAGE, peek: null })}>
            After
          </Button>
        ) : null}
      </div>
    </nav>
  )
}
