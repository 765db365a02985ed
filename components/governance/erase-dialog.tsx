'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'
import { useErase } from './use-audit'

type EraseDialogProps = { seq: number; open: boolean; onOpenChange: (open: boolean) => void }

export const EraseDialog = ({ seq, open, onOpenChange }: EraseDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Erase the payload of event ${seq}`}
    description="The data of this event is deleted for good. Who did what and when stays, and its proof still verifies."
  >
    <EraseForm seq={seq} close={() => onOpenChange(false)} />
  </Dialog>
)

const EraseForm = ({ seq, close }: { seq: number; close: () => void }) => {
  const [justification, setJustification] = useState('')
  const [typed, setTyped] = useState('')
  const erase = useErase()
  const faults = fieldErrors(erase.error)
  const ready = justification.trim().length >= 10 && typed.trim() === String(seq)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await erase.mutateAsync({ params: { seq }, body: { justification } }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `Payload of event ${seq} erased`, auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label="Justification"
        hint="At least 10 characters. It goes into the audit log."
        error={faults['justification']}
      >
        {(wiring) => (
          <Textarea {...wiring} value={justification} onChange={(event) => setJustification(event.target.value)} />
        )}
      </Field>
      <Field label={`Type ${seq} to confirm`}>
        {(wiring) => (
          <Input {...wiring} inputMode="numeric" value={typed} onChange={(event) => setTyped(event.target.value)} />
        )}
      </Field>
      {erase.error ? <ErrorLine error={erase.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="danger" disabled={!ready} pending={erase.isPending}>
          Erase for good
        </Button>
      </DialogFooter>
    </form>
  )
}
