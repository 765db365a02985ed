'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { pathFault } from './draft'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  taken: readonly string[]
  onMake: (path: string) => void
}

export const NewFileDialog = ({ open, onOpenChange, ...form }: Props) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title="A new file"
    description="It becomes part of the workspace with the next version that you save."
  >
    <Form {...form} close={() => onOpenChange(false)} />
  </Dialog>
)

const Form = ({ taken, onMake, close }: Pick<Props, 'taken' | 'onMake'> & { close: () => void }) => {
  const [path, setPath] = useState('')
  const [isTried, setTried] = useState(false)
  const fault = pathFault(path.trim(), taken)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fault !== null) return
    onMake(path.trim())
    close()
  }
  return (
    <form onSubmit={submit} noValidate>
      <Field
        label="Path"
        hint="souls/support.md gives the role support a soul; skills/refunds/SKILL.md is a skill; gates.yaml says what a promotion has to show."
        error={isTried ? (fault ?? undefined) : undefined}
      >
        {(wiring) => (
          <Input {...wiring} value={path} onChange={(event) => setPath(event.target.value)} className="font-mono" />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary">
          Add the file
        </Button>
      </DialogFooter>
    </form>
  )
}
