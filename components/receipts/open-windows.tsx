'use client'

import { Siren, SquareX } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { formatHour } from '@/components/ui/format'
import { notifyDone, notifyFailed } from '@/components/ui/toast'
import type { BreakGlassView, Receipt } from '@/lib/governance/contract'
import { BreakGlassDialog } from './break-glass-dialog'
import { personOf } from './receipt-words'
import { useBreakGlass, useCloseWindow } from './use-receipts'

// Only whoever may open windows is asked about them; everybody else reads the list.
export const BreakGlassButton = () => (useMay('override:use') ? <Breaker /> : null)

const Breaker = () => {
  const { data } = useBreakGlass()
  const [open, setOpen] = useState(false)
  if (!data || data.openable.length === 0) return null
  return (
    <>
      <Button look="danger" disabled={data.mine !== null} onClick={() => setOpen(true)}>
        <Siren aria-hidden className="size-4" /> Break the glass…
      </Button>
      <BreakGlassDialog view={data} open={open} onOpenChange={setOpen} />
    </>
  )
}

export const OpenWindows = () => (useMay('override:use') ? <Windows /> : null)

const Windows = () => {
  const { data, error } = useBreakGlass()
  if (!data) return error ? <ErrorLine error={error} /> : null
  return data.windows.length === 0 ? null : <WindowList windows={data.windows} />
}

const WindowList = ({ windows }: Pick<BreakGlassView, 'windows'>) => (
  <section aria-label="Open windows" className="overflow-hidden rounded-md border border-bad bg-surface">
    <h2 className="flex min-h-10 items-center gap-2.5 bg-bad-soft px-4 font-semibold text-bad text-prose">
      <Siren aria-hidden className="size-4 shrink-0" /> Open right now
    </h2>
    <ul className="divide-y divide-line">
      {windows.map((window) => (
        <Window key={window.id} window={window} />
      ))}
    </ul>
  </section>
)

const Window = ({ window }: { window: Receipt }) => {
  const router = useRouter()
  const closing = useCloseWindow()
  const close = async () => {
    try {
      const { requestId } = await closing.mutateAsync({ params: { id: window.id }, body: {} })
      notifyDone({ text: 'The window is closed', auditHref: auditHref(requestId) })
      router.refresh()
    } catch (error) {
      notifyFailed({ text: 'The window was not closed', detail: error instanceof Error ? error.message : '' })
    }
  }
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2 text-table">
      <span className="min-w-0 grow break-words">
        <span className="font-medium text-ink">{personOf(window.actor)}</span> holds {window.permissions.join(', ')}
        {window.expires_at ? ` until ${formatHour(window.expires_at)} UTC` : ''}
      </span>
      <Button size="small" pending={closing.isPending} onClick={() => void close()}>
        <SquareX aria-hidden className="size-3.5" /> End it
      </Button>
    </li>
  )
}
