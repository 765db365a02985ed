'use client'

import { Siren } from 'lucide-react'
import { useViewer } from '@/components/shell/viewer'
import { formatHour } from '@/components/ui/format'
import { useNow } from '@/components/ui/use-now'

// Whoever holds more than usual is to see it on every page.
export const GlassBanner = () => {
  const { me } = useViewer()
  const now = useNow()
  const window = me.break_glass
  if (window === null || Date.parse(window.expires_at) <= now) return null
  return (
    <p
      role="status"
      className="flex flex-wrap items-center gap-x-2 gap-y-1 border-bad border-b bg-bad-soft px-4 py-2 text-bad text-table"
    >
      <Siren aria-hidden className="size-4 shrink-0" />
      <span className="font-semibold">Break-glass until {formatHour(window.expires_at)} UTC:</span>
      {window.permissions.join(', ')}. Everything you do carries it.
      <a href="/ops/receipts" className="underline underline-offset-2">
        End it
      </a>
    </p>
  )
}
