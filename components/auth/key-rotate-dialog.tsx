'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { notifyDone } from '@/components/ui/toast'
import type { ApiKey } from '@/lib/auth/contract'
import { KeySecret } from './key-secret'
import { useRotateKey } from './use-keys'

const GRACE = [
  { value: '0', label: 'None: the old secret stops now' },
  { value: '60', label: 'One hour' },
  { value: '1440', label: 'One day' },
  { value: '10080', label: 'One week' },
]

type KeyDialogProps = { apiKey: ApiKey; open: boolean; onOpenChange: (open: boolean) => void }

export const KeyRotateDialog = ({ apiKey, open, onOpenChange }: KeyDialogProps) => {
  const rotate = useRotateKey()
  const [grace, setGrace] = useState('60')
  const close = () => {
    onOpenChange(false)
    rotate.reset()
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const input = { params: { id: apiKey.id }, body: { grace_minutes: Number(grace) } }
    const answer = await rotate.mutateAsync(input).catch(() => null)
    if (answer) notifyDone({ text: `Key “${apiKey.name}” rotated`, auditHref: auditHref(answer.requestId) })
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      locked={rotate.data !== undefined}
      title={rotate.data ? 'The new secret' : `Rotate “${apiKey.name}”`}
      description={rotate.data ? undefined : 'A new key with the same scopes takes its place.'}
    >
      {rotate.data ? (
        <KeySecret secret={rotate.data.data.secret} scopes={rotate.data.data.key.scopes} onDone={close} />
      ) : (
        <form onSubmit={submit} className="grid gap-4">
          <Field label="Grace period" hint="So long the old secret works beside the new one.">
            {(wiring) => (
              <Select {...wiring} options={GRACE} value={grace} onChange={(event) => setGrace(event.target.value)} />
            )}
          </Field>
          {rotate.error ? <ErrorLine error={rotate.error} /> : null}
          <DialogFooter>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" look="primary" pending={rotate.isPending}>
              Rotate
            </Button>
          </DialogFooter>
        </form>
      )}
    </Dialog>
  )
}
