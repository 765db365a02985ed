'use client'

import { Stamp } from 'lucide-react'
import { CopyId } from '@/components/ui/copy-id'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { useAuditHead } from './use-audit'

export const AuditHead = () => {
  const { data, error } = useAuditHead()
  if (error && !data) return null
  if (!data) return <Skeleton className="my-2 h-3 w-64" />
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-ink-muted text-meta">
      <span>{formatCount(data.size)} events, root</span>
      <CopyId id={data.root_hash} what="root hash" />
      {data.checkpoint ? (
        <span className="inline-flex items-center gap-1">
          <Stamp aria-hidden className="size-3" /> sealed up to {formatCount(data.checkpoint.size)},
          <RelativeTime iso={data.checkpoint.created_at} />
        </span>
      ) : (
        <span>not sealed yet</span>
      )}
    </p>
  )
}
