'use client'

import { useState } from 'react'
import { eventName } from '@/components/governance/event-tone'
import { roleName } from '@/components/shell/role-names'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatUtc } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { Receipt, ReceiptActs } from '@/lib/governance/contract'
import { AcknowledgeDialog } from './acknowledge-dialog'
import { ReceiptKind, ReceiptState } from './receipt-columns'
import { personOf, REASONS, whatOf } from './receipt-words'
import { useReceipt } from './use-receipts'

export const ReceiptDetail = ({ id }: { id: string }) => (
  <QueryView
    query={useReceipt(id)}
    what="This receipt"
    stillWorks="The list still works."
    skeleton={<Skeleton className="h-56 w-full" />}
  >
    {(found) => <DetailBody found={found} />}
  </QueryView>
)

const DetailBody = ({ found }: { found: ReceiptActs }) => (
  <div className="grid gap-5">
    <p className="whitespace-pre-wrap break-words text-ink text-prose">{found.receipt.justification}</p>
    <Facts facts={factsOf(found.receipt)} />
    {found.receipt.kind === 'break_glass' ? <Acts found={found} /> : null}
    <Acknowledgement receipt={found.receipt} />
  </div>
)

const linkStyle = 'text-accent underline-offset-2 hover:underline'

const Trace = ({ id }: { id: string }) => (
  <a href={`/ops/traces/${encodeURIComponent(id)}`} className={linkStyle}>
    Open the trace
  </a>
)

const windowEnd = ({ closed_at: closed, expires_at: until }: Receipt): string => {
  if (closed !== null) return `Closed ${formatUtc(closed)}`
  return until === null ? 'None' : formatUtc(until)
}

const factsOf = (receipt: Receipt) => [
  { name: 'Kind', value: <ReceiptKind kind={receipt.kind} /> },
  { name: 'Second person', value: <ReceiptState state={receipt.state} /> },
  { name: 'Who', value: `${personOf(receipt.actor)} · ${roleName(receipt.role)}` },
  { name: 'What', value: whatOf(receipt) },
  { name: 'Reason', value: REASONS[receipt.reason_code] },
  { name: 'When', value: formatUtc(receipt.created_at) },
  ...(receipt.kind === 'reveal' ? [] : [{ name: 'Ends', value: windowEnd(receipt) }]),
  ...(receipt.due_at ? [{ name: 'Due', value: formatUtc(receipt.due_at) }] : []),
  ...(receipt.trace_id ? [{ name: 'Trace', value: <Trace id={receipt.trace_id} /> }] : []),
  ...(receipt.parts.length > 0 ? [{ name: 'Shown', value: receipt.parts.join(', ') }] : []),
  ...(receipt.workspace_id ? [{ name: 'Workspace', value: receipt.workspace_id }] : []),
  ...(receipt.break_glass_id
    ? [{ name: 'In window', value: <CopyId id={receipt.break_glass_id} what="window id" /> }]
    : []),
  { name: 'Receipt id', value: <CopyId id={receipt.id} what="receipt id" full /> },
]

const Acts = ({ found }: { found: ReceiptActs }) => (
  <section aria-label="Done in this window" className="grid gap-2">
    <h3 className="font-semibold text-ink text-table">Done in this window</h3>
    <ol className="grid gap-1.5 text-table">
      {found.acts.map((act) => (
        <li key={act.seq} className="flex flex-wrap justify-between gap-x-3">
          <a href={`/ops/audit?peek=${act.seq}`} className={linkStyle}>
            {eventName(act.event_type)}
          </a>
          <span className="text-ink-muted text-meta">{formatUtc(act.created_at)}</span>
        </li>
      ))}
    </ol>
    {found.acts_capped ? <p className="text-ink-muted text-meta">Only the first 500 are shown.</p> : null}
  </section>
)

const Acknowledgement = ({ receipt }: { receipt: Receipt }) => {
  const [open, setOpen] = useState(false)
  if (receipt.acknowledged_at !== null)
    return (
      <p className="break-words text-ink-muted text-table">
        Acknowledged by {personOf(receipt.acknowledged_by ?? '')}, {formatUtc(receipt.acknowledged_at)}
        {receipt.note === null ? '.' : `: ${receipt.note}`}
      </p>
    )
  if (!receipt.may_acknowledge)
    return receipt.due_at === null ? null : (
      <p className="text-ink-muted text-table">A second person with override:use acknowledges it.</p>
    )
  return (
    <div>
      <Button size="small" look="primary" onClick={() => setOpen(true)}>
        Acknowledge…
      </Button>
      <AcknowledgeDialog receipt={receipt} open={open} onOpenChange={setOpen} />
    </div>
  )
}
