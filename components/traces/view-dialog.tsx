'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Check, Field, Input } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'
import { useSaveView } from './use-traces'

type ViewDialogProps = { page: string; query: string; open: boolean; onOpenChange: (open: boolean) => void }

export const ViewDialog = ({ open, onOpenChange, ...form }: ViewDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title="Save this view"
    description="Its filters and columns, under a name. One of your own with the same name is replaced."
  >
    <ViewForm {...form} close={() => onOpenChange(false)} />
  </Dialog>
)

type ViewFormProps = { page: string; query: string; close: () => void }

const ViewForm = ({ page, query, close }: ViewFormProps) => {
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  const save = useSaveView()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { page, name: name.trim(), query, is_shared: isShared }
    const answer = await save.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `View “${body.name}” saved` })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="Name" error={fieldErrors(save.error)['name']}>
        {(wiring) => (
          <Input {...wiring} autoFocus maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Check
        label="Share with everybody in this tenant"
        hint="Others see and use it; only you and administrators change it."
        checked={isShared}
        onChange={(event) => setShared(event.target.checked)}
      />
      {save.error ? <ErrorLine error={save.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" disabled={name.trim() === ''} pending={save.isPending}>
          Save view
        </Button>
      </DialogFooter>
    </form>
  )
}
