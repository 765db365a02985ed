'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Textarea } from '@/components/ui/field'
import { notifyDone } from '@/components/ui/toast'
import type { Receipt } from '@/lib/governance/contract'
import { KINDS, personOf, REASONS } from './receipt-words'
import { useAcknowledge } from './use-receipts'

type AcknowledgeDialogProps = { receipt: Receipt; open: boolean; onOpenChange: (open: boolean) => void }

export const AcknowledgeDialog = ({ receipt, open, onOpenChange }: AcknowledgeDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Acknowledge the ${KINDS[receipt.kind].toLowerCase()} of ${personOf(receipt.actor)}`}
    description="You say that you have seen it and know of it. Your name stays with it in the audit log."
  >
    <AcknowledgeForm receipt={receipt} close={() => onOpenChange(false)} />
  </Dialog>
)

const AcknowledgeForm = ({ receipt, close }: { receipt: Receipt; close: () => void }) => {
  const [note, setNote] = useState('')
  const acknowledge = useAcknowledge()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = note.trim() === '' ? {} : { note }
    const answer = await acknowledge.mutateAsync({ params: { id: receipt.id }, body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: 'Acknowledged', auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <blockquote className="break-words border-line-strong border-l-2 pl-3 text-ink-soft text-table">
        {REASONS[receipt.reason_code]}: {receipt.justification}
      </blockquote>
      <Field label="Note" hint="If you like: what you found, what is to follow.">
        {(wiring) => <Textarea {...wiring} value={note} onChange={(event) => setNote(event.target.value)} />}
      </Field>
      {acknowledge.error ? <ErrorLine error={acknowledge.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={acknowledge.isPending}>
          Acknowledge
        </Button>
      </DialogFooter>
    </form>
  )
}
