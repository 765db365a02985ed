'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'
import { type Signer, useAddSigner, useRevokeSigner } from './use-skills'

type Open = { open: boolean; onOpenChange: (open: boolean) => void }

export const SignerAddDialog = ({ open, onOpenChange }: Open) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title="Add a signer"
    description="From now on its signatures are believed. The private part of the key never comes here."
  >
    <AddForm close={() => onOpenChange(false)} />
  </Dialog>
)

const AddForm = ({ close }: { close: () => void }) => {
  const [name, setName] = useState('')
  const [key, setKey] = useState('')
  const add = useAddSigner()
  const isReady = name.trim() !== '' && key.trim() !== ''
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const answer = await add.mutateAsync({ body: { name: name.trim(), public_key: key.trim() } }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `Signatures of ${name.trim()} are believed now`, auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="Name" hint="Whose key it is" error={fieldErrors(add.error)['name']}>
        {(wiring) => (
          <Input {...wiring} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field
        label="Public key"
        hint="Ed25519, in PEM or its 32 bytes in base64"
        error={fieldErrors(add.error)['public_key']}
      >
        {(wiring) => (
          <Textarea
            {...wiring}
            rows={4}
            spellCheck={false}
            className="font-mono text-meta"
            placeholder={'-----BEGIN PUBLIC KEY-----'}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        )}
      </Field>
      {add.error ? <ErrorLine error={add.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" disabled={!isReady} pending={add.isPending}>
          Add the signer
        </Button>
      </DialogFooter>
    </form>
  )
}

export const SignerRevokeDialog = ({ signer, open, onOpenChange }: Open & { signer: Signer }) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Revoke ${signer.name}`}
    description="Versions that this key signed do not run any more from now on, in no environment. The key can be added again."
  >
    <RevokeForm signer={signer} close={() => onOpenChange(false)} />
  </Dialog>
)

const RevokeForm = ({ signer, close }: { signer: Signer; close: () => void }) => {
  const [typed, setTyped] = useState('')
  const revoke = useRevokeSigner()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await revoke.mutateAsync({ params: { id: signer.id }, body: {} }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `${signer.name} is not believed any more`, auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label={`Type ${signer.name} to confirm`}>
        {(wiring) => <Input {...wiring} value={typed} onChange={(event) => setTyped(event.target.value)} />}
      </Field>
      {revoke.error ? <ErrorLine error={revoke.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="danger" disabled={typed !== signer.name} pending={revoke.isPending}>
          Revoke the key
        </Button>
      </DialogFooter>
    </form>
  )
}
