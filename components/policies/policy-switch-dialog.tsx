'use client'

import type { FormEvent } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { notifyDone } from '@/components/ui/toast'
import type { PolicyView } from '@/lib/governance/contract'
import { draftOf, trialOf } from './policy-draft'
import { SimulationView } from './simulation-view'
import { useUpdatePolicy } from './use-policies'

type Props = { policy: PolicyView; open: boolean; onOpenChange: (open: boolean) => void }

export const PolicySwitchDialog = ({ policy, open, onOpenChange }: Props) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`${policy.enabled ? 'Disable' : 'Enable'} ${policy.policy_id}`}
    description={policy.enabled ? 'From the next decision on it is not asked.' : 'It holds from the next decision on.'}
  >
    <Form policy={policy} close={() => onOpenChange(false)} />
  </Dialog>
)

const Form = ({ policy, close }: { policy: PolicyView; close: () => void }) => {
  const save = useUpdatePolicy()
  const trial = trialOf(draftOf(policy))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (policy.revision === null) return
    const input = {
      params: { policy_id: policy.policy_id },
      body: { revision: policy.revision, enabled: !policy.enabled },
    }
    const answer = await save.mutateAsync(input).catch(() => null)
    if (!answer) return
    notifyDone({
      text: `${policy.policy_id} is ${policy.enabled ? 'disabled' : 'enabled'}`,
      auditHref: auditHref(answer.requestId),
    })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <SimulationView
        change={policy.enabled || trial === null ? { without: [policy.policy_id] } : { rules: [trial] }}
      />
      {save.error ? <ErrorLine error={save.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look={policy.enabled ? 'danger' : 'primary'} pending={save.isPending}>
          {policy.enabled ? 'Disable' : 'Enable'}
        </Button>
      </DialogFooter>
    </form>
  )
}
