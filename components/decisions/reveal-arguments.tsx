'use client'

import type { FormEvent } from 'react'
import { useWhy, WhyFields } from '@/components/receipts/why-fields'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { notifyDone } from '@/components/ui/toast'
import { useRevealArguments } from './use-decisions'

type RevealArgumentsProps = {
  id: string
  open: boolean
  onOpenChange: (open: boolean) => void
  onShown: (exact: Readonly<Record<string, unknown>>) => void
}

export const RevealArguments = ({ id, open, onOpenChange, onShown }: RevealArgumentsProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title="Say why you read the exact arguments"
    description="Your name and the reason go into the audit log, and a receipt is kept."
  >
    <Form id={id} close={() => onOpenChange(false)} onShown={onShown} />
  </Dialog>
)

const Form = ({ id, close, onShown }: Pick<RevealArgumentsProps, 'id' | 'onShown'> & { close: () => void }) => {
  const why = useWhy()
  const reveal = useRevealArguments()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { reason_code: why.code, justification: why.text }
    const answer = await reveal.mutateAsync({ params: { id }, body }).catch(() => null)
    if (!answer) return
    onShown(answer.data.arguments)
    notifyDone({ text: 'Your reason is recorded', auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <WhyFields why={why} error={reveal.error} />
      {reveal.error ? <ErrorLine error={reveal.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" disabled={!why.isReady} pending={reveal.isPending}>
          Record and show
        </Button>
      </DialogFooter>
    </form>
  )
}
