'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import { notifyDone } from '@/components/ui/toast'
import { callFull } from '@/lib/shared/api-client'
import { keyOf } from '@/lib/shared/query'
import { opsGetTrace, opsRevealTrace, REVEAL_REASONS, type Reveal } from '@/lib/tracing/contract'

const WORDS: Record<Reveal['reason_code'], string> = {
  incident_response: 'An incident',
  hotfix: 'A fault that must be mended now',
  business_deadline: 'A deadline',
  data_correction: 'Wrong data',
  other: 'Something else',
}

const useReveal = (id: string) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Reveal) => callFull(opsRevealTrace, { params: { id }, body }),
    onSuccess: ({ data }) => client.setQueryData(keyOf(opsGetTrace, { params: { id } }), data),
  })
}

type RevealDialogProps = { id: string; open: boolean; onOpenChange: (open: boolean) => void }

export const RevealDialog = ({ id, open, onOpenChange }: RevealDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title="Say why you read this trace"
    description="Your name, the reason and what was shown go into the audit log, where the person concerned can be told."
  >
    <RevealForm id={id} close={() => onOpenChange(false)} />
  </Dialog>
)

const RevealForm = ({ id, close }: { id: string; close: () => void }) => {
  const [reason, setReason] = useState<Reveal['reason_code']>('incident_response')
  const [justification, setJustification] = useState('')
  const reveal = useReveal(id)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await reveal.mutateAsync({ reason_code: reason, justification }).catch(() => null)
    if (!answer) return
    notifyDone({ text: 'Your reason is recorded', auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="Reason">
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={REVEAL_REASONS.map((value) => ({ value, label: WORDS[value] }))}
            value={reason}
            onChange={(event) => setReason(REVEAL_REASONS.find((code) => code === event.target.value) ?? 'other')}
          />
        )}
      </Field>
      <Field label="Justification" hint="At least 10 characters." error={fieldErrors(reveal.error)['justification']}>
        {(wiring) => (
          <Textarea {...wiring} value={justification} onChange={(event) => setJustification(event.target.value)} />
        )}
      </Field>
      {reveal.error ? <ErrorLine error={reveal.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" disabled={justification.trim().length < 10} pending={reveal.isPending}>
          Record and show
        </Button>
      </DialogFooter>
    </form>
  )
}
