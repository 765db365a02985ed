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
    cell: (version) => <span className="font-mono text-meta">{shortVersion(version.version_hash)}</span>,
  },
  {
    id: 'message',
    header: 'Message',
    className: 'max-w-80',
    cell: ({ message }) =>
      message ? (
        <span className="block truncate" title={message}>
          {message}
        </span>
      ) : (
        <span className="text-ink-muted">none</span>
      ),
  },
  {
    id: 'author',
    header: 'By',
    from: 'medium',
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
