import type { Column } from '@/components/table/column'
import { Badge } from '@/components/ui/badge'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { ListedVersion, Version } from '@/lib/workspace/contract/version'
import { personOf, SOURCES, shortVersion } from './workspace-words'

export const PinnedIn = ({ version }: { version: Pick<Version, 'pinned_in' | 'is_latest'> }) => (
  <span className="flex flex-wrap gap-1">
    {version.is_latest ? <Badge tone="info">Last</Badge> : null}
    {version.pinned_in.map((environment) => (
      <Badge key={environment} tone="accent">
        <span className="max-w-28 truncate">{environment}</span>
      </Badge>
    ))}
  </span>
)

export const VERSION_COLUMNS: readonly Column<ListedVersion>[] = [
  {
    id: 'version',
    header: 'Version',
    lead: true,
    // It gives way to the others: a message may be long.
    className: 'w-full max-w-0',
    cell: ({ version_hash: hash, message }) => (
      <span className="flex min-w-0 items-baseline gap-2" title={message}>
        <span className="font-mono text-meta">{shortVersion(hash)}</span>
        <span className="truncate font-normal">{message ?? <span className="text-ink-muted">no message</span>}</span>
      </span>
    ),
  },
  {
    id: 'author',
    header: 'By',
    from: 'wide',
    className: 'max-w-40',
    cell: ({ created_by: by }) => <span className="block truncate">{personOf(by)}</span>,
  },
  { id: 'source', header: 'From', from: 'wide', cell: ({ source }) => SOURCES[source] },
  {
    id: 'files',
    header: 'Files',
    align: 'right',
    from: 'full',
    cell: ({ file_count: files }) => formatCount(files),
  },
  { id: 'where', header: 'Where', from: 'medium', cell: (version) => <PinnedIn version={version} /> },
  {
    id: 'when',
    header: 'Saved',
    align: 'right',
    cell: ({ created_at: at }) => <RelativeTime iso={at} className="text-ink-muted" />,
  },
]
