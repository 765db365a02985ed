import type { Column } from '@/components/table/column'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Dataset } from '@/lib/evals/contract'
import { datasetHref, linkStyle, personOf } from './eval-words'

export const DATASET_COLUMNS: readonly Column<Dataset>[] = [
  {
    id: 'name',
    header: 'Dataset',
    lead: true,
    className: 'max-w-72',
    cell: (one) => <span className="block truncate">{one.name}</span>,
  },
  {
    id: 'cases',
    header: 'Cases',
    align: 'right',
    cell: (one) => (
      <a href={datasetHref(one.name)} className={linkStyle}>
        {formatCount(one.case_count)}
      </a>
    ),
  },
  { id: 'version', header: 'Version', align: 'right', from: 'medium', cell: (one) => `v${one.version}` },
  {
    id: 'description',
    header: 'What it is for',
    from: 'wide',
    className: 'max-w-80',
    cell: (one) => <span className="block truncate text-ink-soft">{one.description ?? '–'}</span>,
  },
  { id: 'by', header: 'By', from: 'full', cell: (one) => personOf(one.created_by) },
  {
    id: 'updated',
    header: 'Changed',
    align: 'right',
    from: 'medium',
    cell: (one) => <RelativeTime iso={one.updated_at} />,
  },
]
