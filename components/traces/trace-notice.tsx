'use client'

import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { WaitingBanner } from '@/components/decisions/waiting-banner'
import type { TraceDetail } from '@/lib/tracing/contract'
import { RevealDialog } from './reveal-dialog'

// What one should know before reading on: that it still runs, that it failed, that looking is noted.
export const TraceNotice = ({ trace }: { trace: TraceDetail }) => (
  <>
    {trace.status === 'paused' ? <WaitingBanner traceId={trace.id} /> : null}
    {trace.status === 'running' ? (
      <p className="text-ink-muted text-table">What it says and costs is stored when it ends; refresh to see it.</p>
    ) : null}
    {trace.status === 'running' || trace.withheld ? null : <Noted id={trace.id} />}
    {trace.storage === 'full' ? null : (
      <p className="text-ink-muted text-table">Retention has dropped its texts; what is left of it is shown.</p>
    )}
    {trace.error ? <Failure message={trace.error} code={trace.error_code} /> : null}
  </>
)

const Noted = ({ id }: { id: string }) => {
  const [open, setOpen] = useState(false)
  return (
    <p className="text-ink-muted text-table">
      That you opened its texts is recorded in the audit log.{' '}
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="min-h-6 rounded-sm text-accent underline underline-offset-2"
      >
        Say why
      </button>
      <RevealDialog id={id} open={open} onOpenChange={setOpen} />
    </p>
  )
}

const Failure = ({ message, code }: { message: string; code: string | null }) => (
  <section aria-label="Error" className="grid gap-1 rounded-md border border-bad bg-bad-soft px-4 py-3 text-bad">
    <h2 className="flex flex-wrap items-center gap-2 font-semibold text-prose">
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      The run failed
      {code ? <code className="font-mono font-normal text-meta">{code}</code> : null}
    </h2>
    <p className="break-words text-table">{message}</p>
  </section>
)
