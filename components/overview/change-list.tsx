'use client'

import { FileStack } from 'lucide-react'
import { useMay } from '@/components/shell/viewer'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Change, OverviewView } from '@/lib/jobs/contract'
import { anchorOf } from './course'
import { CHANGES, nameOf } from './overview-words'

const linkStyle = 'underline-offset-2 hover:underline'

export const ChangeList = ({ overview }: { overview: OverviewView }) => {
  const mayAudit = useMay('audit:view')
  const { changes, changes_capped: isCapped } = overview
  return (
    <Card title="What changed" flush actions={mayAudit ? <AllLink /> : null}>
      {changes.length === 0 ? (
        <NothingChanged />
      ) : (
        <ol className="divide-y divide-line">
          {changes.map((change) => (
            <ChangeLine key={change.seq} change={change} />
          ))}
        </ol>
      )}
      {isCapped ? (
        <p className="border-line border-t px-4 py-2 text-ink-muted text-meta">
          More happened in this time than is shown here.
        </p>
      ) : null}
    </Card>
  )
}

const AllLink = () => (
  <a href="/ops/audit" className={cn('text-accent text-meta', linkStyle)}>
    All events
  </a>
)

const NothingChanged = () => (
  <div className="grid justify-items-center gap-2 px-4 py-8 text-center">
    <FileStack aria-hidden className="size-5 text-ink-muted" />
    <p className="max-w-[48ch] text-ink-muted text-table">
      No promotion, version, skill, policy or budget changed in this time. Whatever goes wrong now was there before.
    </p>
  </div>
)

const ChangeLine = ({ change }: { change: Change }) => {
  const { words, icon } = CHANGES[change.kind]
  return (
    <li
      id={anchorOf(change)}
      className="grid scroll-mt-20 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 px-4 py-1.5 text-table target:bg-accent-soft sheet:grid-cols-[112px_minmax(0,1fr)_minmax(0,140px)_64px]"
    >
      <Badge icon={icon} className="max-sheet:row-start-1">
        {words}
      </Badge>
      <span className="break-words min-w-0 text-ink max-sheet:col-span-2">
        {change.href ? (
          <a href={change.href} className={linkStyle}>
            {change.text}
          </a>
        ) : (
          change.text
        )}
        {change.workspace_id !== null && change.kind !== 'version' ? (
          <span className="text-ink-muted"> in {change.workspace_id}</span>
        ) : null}
      </span>
      <span className="truncate text-ink-muted max-sheet:hidden sheet:text-right" title={nameOf(change.actor)}>
        {nameOf(change.actor)}
      </span>
      <span className="text-right text-ink-muted max-sheet:col-start-2 max-sheet:row-start-1">
        {change.audit_href ? (
          <a href={change.audit_href} className={linkStyle} title="The entry in the audit log">
            <RelativeTime iso={change.at} />
          </a>
        ) : (
          <RelativeTime iso={change.at} />
        )}
      </span>
    </li>
  )
}
