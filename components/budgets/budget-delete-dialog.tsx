'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { usePeek } from '@/components/table/use-peek'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { notifyDone } from '@/components/ui/toast'
import { scopeName } from './budget-words'
import { useDeleteBudget } from './use-budgets'

type BudgetDeleteDialogProps = { scope: string; open: boolean; onOpenChange: (open: boolean) => void }

export const BudgetDeleteDialog = ({ scope, open, onOpenChange }: BudgetDeleteDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Delete the budget: ${scopeName(scope)}`}
    description="From the next step on this limit holds nobody back. Its earlier periods go with it; the ledger stays."
  >
    <DeleteForm scope={scope} close={() => onOpenChange(false)} />
  </Dialog>
)

const DeleteForm = ({ scope, close }: { scope: string; close: () => void }) => {
  const [typed, setTyped] = useState('')
  const remove = useDeleteBudget()
  const peek = usePeek()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await remove.mutateAsync({ query: { scope } }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `The budget is deleted: ${scopeName(scope)}`, auditHref: auditHref(answer.requestId) })
    close()
    peek.close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label={`Type ${scope} to confirm`}>
        {(wiring) => <Input {...wiring} value={typed} onChange={(event) => setTyped(event.target.value)} />}
      </Field>
      {remove.error ? <ErrorLine error={remove.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="danger" disabled={typed.trim() !== scope} pending={remove.isPending}>
          Delete for good
        </Button>
      </DialogFooter>
    </form>
  )
}
