'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { notifyDone } from '@/components/ui/toast'
import type { ApiKey } from '@/lib/auth/contract'
import { useRevokeKey } from './use-keys'

type KeyDialogProps = { apiKey: ApiKey; open: boolean; onOpenChange: (open: boolean) => void }

export const KeyRevokeDialog = ({ apiKey, open, onOpenChange }: KeyDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Revoke “${apiKey.name}”`}
    description="Every call with this key is refused within a second, on every instance. This cannot be undone."
  >
    <RevokeForm apiKey={apiKey} close={() => onOpenChange(false)} />
  </Dialog>
)

const RevokeForm = ({ apiKey, close }: { apiKey: ApiKey; close: () => void }) => {
  const revoke = useRevokeKey()
  const [typed, setTyped] = useState('')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await revoke.mutateAsync({ params: { id: apiKey.id } }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `Key “${apiKey.name}” revoked`, auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label={`Type ${apiKey.name} to confirm`}>
        {(wiring) => <Input {...wiring} value={typed} onChange={(event) => setTyped(event.target.value)} />}
      </Field>
      {revoke.error ? <ErrorLine error={revoke.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="danger" disabled={typed.trim() !== apiKey.name} pending={revoke.isPending}>
          Revoke for good
        </Button>
      </DialogFooter>
    </form>
  )
}
