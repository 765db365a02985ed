'use client'

import { type ReactNode, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { notifyDone } from '@/components/ui/toast'
import { useCancelEval } from './use-evals'

type CancelProps = { id: string; icon: ReactNode; isCancelling: boolean }

export const CancelEval = ({ id, icon, isCancelling }: CancelProps) => {
  const [open, setOpen] = useState(false)
  const cancel = useCancelEval()
  if (!useMay('eval:run')) return null
  const run = async () => {
    const answer = await cancel.mutateAsync({ params: { id } }).catch(() => null)
    if (!answer) return
    notifyDone({ text: 'The evaluation ends', auditHref: auditHref(answer.requestId) })
    setOpen(false)
  }
  return (
    <>
      <Button look="danger" disabled={isCancelling} onClick={() => setOpen(true)}>
        {icon} {isCancelling ? 'Ends…' : 'Cancel the run…'}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Cancel the evaluation"
        description="Cases under way are broken off, those that wait are not begun. What was scored stays, what was spent is spent."
      >
        {cancel.error ? <ErrorLine error={cancel.error} /> : null}
        <DialogFooter>
          <Button onClick={() => setOpen(false)}>Let it run</Button>
          <Button look="danger" pending={cancel.isPending} onClick={() => void run()}>
            Cancel it
          </Button>
        </DialogFooter>
      </Dialog>
    </>
  )
}
