import { CircleCheck, CircleSlash, CircleX, Clock, LoaderCircle } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import type { JobView } from '@/lib/jobs/contract'

const STATES = {
  queued: { tone: 'system', icon: Clock, label: 'Waiting' },
  running: { tone: 'info', icon: LoaderCircle, label: 'Running' },
  done: { tone: 'ok', icon: CircleCheck, label: 'Done' },
  dead: { tone: 'bad', icon: CircleX, label: 'Dead' },
  discarded: { tone: 'system', icon: CircleSlash, label: 'Discarded' },
} as const

export const JobState = ({ status }: { status: JobView['status'] }) => {
  const look = STATES[status]
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.label}
    </Badge>
  )
}

export const jobStateOptions = Object.entries(STATES).map(([value, { label }]) => ({ value, label }))

export const JOB_COLUMNS: readonly Column<JobView>[] = [
  {
    id: 'kind',
    header: 'Job',
    lead: true,
    cell: (job) => <span className="truncate">{job.kind}</span>,
  },
  { id: 'status', header: 'State', cell: (job) => <JobState status={job.status} /> },
  {
    id: 'error',
    header: 'Last error',
    from: 'wide',
    className: 'max-w-80',
    cell: (job) => <span className="block truncate text-ink-muted">{job.last_error ?? '–'}</span>,
  },
  {
    id: 'attempts',
    header: 'Attempts',
    align: 'right',
    from: 'medium',
    cell: (job) => `${job.attempts} of ${job.max_attempts}`,
  },
  {
    id: 'when',
    header: 'Runs',
    align: 'right',
    className: 'whitespace-nowrap',
    cell: (job) => <RelativeTime iso={job.finished_at ?? job.run_at} className="text-ink-soft" />,
  },
]
