'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { notifyDone } from '@/components/ui/toast'
import type { Budget } from '@/lib/governance/contract'
import { changeOf, type Draft, draftOf, faultsIn, newDraft } from './budget-draft'
import { BudgetFields } from './budget-fields'
import { scopeName } from './budget-words'
import { useSetBudget } from './use-budgets'

type BudgetDialogProps = {
  // None is a new one.
  budget: Budget | null
  scope: string
  open: boolean
  onOpenChange: (open: boolean) => void
  onSaved?: (scope: string) => void
}

export const BudgetDialog = ({ budget, scope, open, onOpenChange, onSaved }: BudgetDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={budget ? `Change the budget: ${scopeName(scope)}` : 'Set a budget'}
    description="It holds from the next step of every run. What is spent in the period already is counted."
  >
    <BudgetForm budget={budget} scope={scope} close={() => onOpenChange(false)} onSaved={onSaved} />
  </Dialog>
)

type BudgetFormProps = {
  budget: Budget | null
  scope: string
  close: () => void
  onSaved: ((scope: string) => void) | undefined
}

const BudgetForm = ({ budget, scope, close, onSaved }: BudgetFormProps) => {
  const [draft, setDraft] = useState<Draft>(() => (budget ? draftOf(budget) : newDraft(scope)))
  const [isTried, setIsTried] = useState(false)
  const save = useSetBudget()
  const faults = faultsIn(draft)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setIsTried(true)
    if (Object.keys(faults).length > 0) return
    const answer = await save.mutateAsync({ body: changeOf(draft) }).catch(() => null)
    if (!answer) return
    const { scope: saved } = answer.data.budget
    notifyDone({
      text: `The budget is ${budget ? 'changed' : 'set'}: ${scopeName(saved)}`,
      auditHref: auditHref(answer.requestId),
    })
    close()
    onSaved?.(saved)
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <BudgetFields
        draft={draft}
        change={(patch) => setDraft({ ...draft, ...patch })}
        faults={isTried ? faults : {}}
        error={save.error}
        isNew={budget === null}
      />
      {save.error ? <ErrorLine error={save.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={save.isPending}>
          {budget ? 'Change budget' : 'Set budget'}
        </Button>
      </DialogFooter>
    </form>
  )
}
