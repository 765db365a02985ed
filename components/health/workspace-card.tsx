import { CircleCheck, CircleMinus, type LucideIcon, Scissors, TriangleAlert } from 'lucide-react'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatCount } from '@/components/ui/format'
import type { OpsHealth } from '@/lib/jobs/contract/health'
import { PartBadge } from './part-status'

type Workspace = OpsHealth['workspace']
type File = Workspace['files'][number]

const LOOKS: Record<File['state'], { word: string; icon: LucideIcon; ink: string }> = {
  whole: { word: 'Whole', icon: CircleCheck, ink: 'text-ok' },
  cut: { word: 'Cut', icon: Scissors, ink: 'text-warn' },
  left_out: { word: 'Left out', icon: TriangleAlert, ink: 'text-warn' },
  unused: { word: 'Not used now', icon: CircleMinus, ink: 'text-ink-muted' },
  absent: { word: 'Not there', icon: CircleMinus, ink: 'text-ink-muted' },
}

const sizeOf = ({ state, raw_chars, injected_chars }: File): string => {
  if (state === 'absent') return ''
  if (state === 'cut' || state === 'left_out') return `${formatCount(injected_chars)} of ${formatCount(raw_chars)}`
  return formatCount(raw_chars)
}

const FileLine = ({ file }: { file: File }) => {
  const look = LOOKS[file.state]
  return (
    <li className="flex min-h-9 items-center gap-3 px-4 py-1.5 text-table">
      <span
        className={cn(
          'min-w-0 grow break-all font-mono text-meta',
          file.state === 'absent' ? 'text-ink-muted' : 'text-ink',
        )}
      >
        {file.name}
      </span>
      <span className="text-ink-muted text-meta">{sizeOf(file)}</span>
      <span className={cn('flex w-28 shrink-0 items-center gap-1.5 text-meta', look.ink)}>
        <look.icon aria-hidden className="size-3.5 shrink-0" />
        {look.word}
      </span>
    </li>
  )
}

const bootText = ({ boot_complete }: Workspace): string =>
  boot_complete === null ? 'unknown' : boot_complete ? 'nothing left to do' : 'waits to be completed'

const factsOf = (workspace: Workspace) => [
  {
    name: 'Workspace',
    value: (
      <span className="flex flex-wrap items-center gap-x-2">
        {workspace.id}
        {workspace.hash ? <CopyId id={workspace.hash} what="workspace hash" /> : null}
      </span>
    ),
  },
  {
    name: 'Folder',
    value: <span className="break-all font-mono text-meta">{workspace.path ?? 'none'}</span>,
  },
  {
    name: 'Prompt files',
    value: `${formatCount(workspace.total_chars)} of ${formatCount(workspace.max_total_chars)} characters`,
  },
  { name: 'First run', value: bootText(workspace) },
]

export const WorkspaceCard = ({ workspace }: { workspace: Workspace }) => (
  <Card title="Workspace" actions={<PartBadge status={workspace.status} />} flush>
    <Facts facts={factsOf(workspace)} className="p-4" />
    {workspace.files.length > 0 ? (
      <ul aria-label="Files of the prompt, in its order" className="divide-y divide-line border-line border-t">
        {workspace.files.map((file) => (
          <FileLine key={file.name} file={file} />
        ))}
      </ul>
    ) : null}
  </Card>
)
