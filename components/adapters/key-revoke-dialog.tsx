'use client'

import type { FormEvent } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { notifyDone } from '@/components/ui/toast'
import { type AgentView, useRevokeKey } from './use-agents'

type Props = { agent: AgentView; keyId: string; open: boolean; onOpenChange: (open: boolean) => void }

export const KeyRevokeDialog = ({ agent, keyId, open, onOpenChange }: Props) => {
  const revoke = useRevokeKey()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { adapter_id: agent.adapter_id, key_id: keyId }
    const answer = await revoke.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: 'The key is revoked', auditHref: auditHref(answer.requestId) })
    onOpenChange(false)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Revoke this key"
      description="What it signs from now on is refused. What it signed before stays verified. It cannot be taken back."
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <p className="break-all font-mono text-ink-soft text-meta">{keyId}</p>
        {revoke.error ? <ErrorLine error={revoke.error} /> : null}
        <DialogFooter>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" look="danger" pending={revoke.isPending}>
            Revoke the key
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
