'use client'

import { cn } from './cn'
import { formatRelative, formatUtc } from './format'
import { useNow } from './use-now'

export const RelativeTime = ({ iso, className }: { iso: string; className?: string }) => {
  const now = useNow()
  return (
    <time dateTime={iso} title={formatUtc(iso)} className={cn('whitespace-nowrap', className)} suppressHydrationWarning>
      {formatRelative(iso, now)}
    </time>
  )
}
