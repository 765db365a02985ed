'use client'

import { Power } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'
import { rolesWith } from '@/lib/shared/rbac'
import { ProbeButton } from './probe-dialog'
import { type AgentView, useDisable, useEnable } from './use-agents'

export const AdapterActs = ({ agent }: { agent: AgentView }) => {
  const [open, setOpen] = useState(false)
  if (!useMay('adapter:manage_keys'))
    return (
      <p className="text-ink-muted text-table">
        To switch it on or off one needs to be {needsRole(rolesWith('adapter:manage_keys'))}.
      </p>
    )
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="small" look={agent.enabled ? 'danger' : 'plain'} onClick={() => setOpen(true)}>
        <Power aria-hidden className="size-3.5" /> {agent.enabled ? 'Disable…' : 'Enable…'}
      </Button>
      <ProbeButton agent={agent} />
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`${agent.enabled ? 'Disable' : 'Enable'} ${agent.display_name}`}
        description={
          agent.enabled
            ? 'Everything that it asks is refused from now on, also what was granted to it. Registering again does not undo that.'
            : 'It may ask again. What it is granted is up to the policies.'
        }
      >
        <Form agent={agent} close={() => setOpen(false)} />
      </Dialog>
    </div>
  )
}

const LEAST = 3

const Form = ({ agent, close }: { agent: AgentView; close: () => void }) => {
  const [reason, setReason] = useState('')
  const [disable, enable] = [useDisable(), useEnable()]
  const act = agent.enabled ? disable : enable
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await act.mutateAsync({ body: { adapter_id: agent.adapter_id, reason } }).catch(() => null)
    if (!answer) return
    notifyDone({
      text: `${agent.display_name} is ${agent.enabled ? 'disabled' : 'enabled'}`,
      auditHref: auditHref(answer.requestId),
    })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="Reason" hint="It goes into the audit log." error={fieldErrors(act.error)['reason']}>
        {(wiring) => <Textarea {...wiring} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      {act.error ? <ErrorLine error={act.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look={agent.enabled ? 'danger' : 'primary'}
          disabled={reason.trim().length < LEAST}
          pending={act.isPending}
        >
          {agent.enabled ? 'Disable' : 'Enable'}
        </Button>
      </DialogFooter>
    </form>
  )
}
