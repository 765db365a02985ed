'use client'

import { useState } from 'react'
import type { z } from 'zod'
import { auditHref } from '@/components/ui/audit-href'
import { Dialog } from '@/components/ui/dialog'
import { notifyDone } from '@/components/ui/toast'
import type { NewKey } from '@/lib/auth/contract'
import { KeyForm } from './key-form'
import { KeySecret } from './key-secret'
import { useCreateKey } from './use-keys'

type KeyCreateDialogProps = { open: boolean; onOpenChange: (open: boolean) => void }

export const KeyCreateDialog = ({ open, onOpenChange }: KeyCreateDialogProps) => {
  const create = useCreateKey()
  const [secret, setSecret] = useState<string | null>(null)
  const close = () => {
    onOpenChange(false)
    setSecret(null)
    create.reset()
  }
  const submit = async (body: z.input<typeof NewKey>) => {
    const answer = await create.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    setSecret(answer.data.secret)
    notifyDone({ text: `Key “${answer.data.key.name}” created`, auditHref: auditHref(answer.requestId) })
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      locked={secret !== null}
      className="w-[min(600px,calc(100vw-24px))]"
      title={secret ? 'The new key' : 'Create an API key'}
      description={secret ? undefined : 'For a program that calls Clasper. It acts in this tenant alone.'}
    >
      {secret && create.data ? (
        <KeySecret secret={secret} scopes={create.data.data.key.scopes} onDone={close} />
      ) : (
        <KeyForm onSubmit={submit} onCancel={close} pending={create.isPending} error={create.error} />
      )}
    </Dialog>
  )
}
