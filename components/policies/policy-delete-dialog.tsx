'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { usePeek } from '@/components/table/use-peek'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { notifyDone } from '@/components/ui/toast'
import type { PolicyView } from '@/lib/governance/contract'
import { SimulationView } from './simulation-view'
import { useRemovePolicy } from './use-policies'

type Props = { policy: PolicyView; open: boolean; onOpenChange: (open: boolean) => void }

export const PolicyDeleteDialog = ({ policy, open, onOpenChange }: Props) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Delete ${policy.policy_id}`}
    description="From the next decision on it is not asked. What it decided so far stays as it is; its text stays in the audit log."
  >
    <Form policy={policy} close={() => onOpenChange(false)} />
  </Dialog>
)

const Form = ({ policy: { policy_id: id, enabled }, close }: { policy: PolicyView; close: () => void }) => {
  const [typed, setTyped] = useState('')
  const remove = useRemovePolicy()
  const peek = usePeek()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await remove.mutateAsync({ params: { policy_id: id } }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `${id} is deleted`, auditHref: auditHref(answer.requestId) })
    close()
    peek.close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      {enabled ? <SimulationView change={{ without: [id] }} /> : null}
      <Field label={`Type ${id} to confirm`}>
        {(wiring) => <Input {...wiring} value={typed} onChange={(event) => setTyped(event.target.value)} />}
      </Field>
      {remove.error ? <ErrorLine error={remove.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="danger" disabled={typed.trim() !== id} pending={remove.isPending}>
          Delete for good
        </Button>
      </DialogFooter>
    </form>
  )
}
