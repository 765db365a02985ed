'use client'

import { EventSummary } from '@/components/governance/event-label'
import { useMay } from '@/components/shell/viewer'
import { Card } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import type { OverviewView } from '@/lib/jobs/contract'

type Change = OverviewView['recent'][number]

export const RecentChanges = ({ recent }: { recent: readonly Change[] }) => {
  const mayOpen = useMay('audit:view')
  return (
    <Card title="What changed" flush actions={mayOpen ? <AllLink /> : null}>
      {recent.length === 0 ? (
        <p className="px-4 py-8 text-center text-ink-muted text-table">Nothing has changed yet.</p>
      ) : (
        <ol className="divide-y divide-line">
          {recent.map((change) => (
            <li key={change.seq}>
              <ChangeLine change={change} linked={mayOpen} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

const AllLink = () => (
  <a href="/ops/audit" className="text-accent text-meta underline-offset-2 hover:underline">
    All events
  </a>
)

const ChangeLine = ({ change, linked }: { change: Change; linked: boolean }) => {
  const body = (
    <>
      <span className="flex min-w-0 font-medium text-ink">
        <EventSummary type={change.event_type} kind={change.kind} />
      </span>
      <span className="truncate text-right text-ink-muted max-sheet:hidden">{change.actor.replace(/^user:/, '')}</span>
      <RelativeTime iso={change.created_at} className="text-right text-ink-muted" />
    </>
  )
  const style =
    'grid h-9 grid-cols-[1fr_72px] items-center gap-3 px-4 text-table sheet:grid-cols-[minmax(max-content,1fr)_minmax(0,auto)_72px]'
  return linked ? (
    <a href={`/ops/audit?peek=${change.seq}`} className={`${style} hover:bg-hover`}>
      {body}
    </a>
  ) : (
    <p className={style}>{body}</p>
  )
}
