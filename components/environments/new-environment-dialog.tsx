'use client'

import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Check, Field, Input } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'
import { useSaveEnvironment } from './use-environments'

type Props = { workspaceId: string; taken: readonly string[] }

export const NewEnvironment = (props: Props) => {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-3.5" /> Another environment…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Another environment"
        description="Runs name it, or get it where it is the default. Nothing is pinned in it at first."
      >
        <Form {...props} close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

const faultIn = (name: string, taken: readonly string[]): string | undefined => {
  if (!NAME.test(name)) return '1 to 64 letters, digits, _ or -, beginning with a letter or a digit'
  return taken.includes(name) ? 'There is an environment of this name' : undefined
}

const Form = ({ workspaceId, taken, close }: Props & { close: () => void }) => {
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const [isDefault, setDefault] = useState(false)
  const [isTried, setTried] = useState(false)
  const save = useSaveEnvironment()
  const fault = faultIn(name.trim(), taken)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fault) return
    const about = text.trim() === '' ? {} : { description: text.trim() }
    const body = {
      ...{ workspace_id: workspaceId, environment: name.trim(), ...about },
      ...(isDefault ? { is_default: true } : {}),
    }
    const answer = await save.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `${name.trim()} is there`, auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <Field label="Name" error={(isTried ? fault : undefined) ?? fieldErrors(save.error)['environment']}>
        {(wiring) => <Input {...wiring} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label="What it is for" error={fieldErrors(save.error)['description']}>
        {(wiring) => (
          <Input {...wiring} maxLength={500} value={text} onChange={(event) => setText(event.target.value)} />
        )}
      </Field>
      <Check
        label="The default"
        hint="Runs that name no environment get this one from now on."
        checked={isDefault}
        onChange={(event) => setDefault(event.target.checked)}
      />
      {save.error ? <ErrorLine error={save.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={save.isPending}>
          Make it
        </Button>
      </DialogFooter>
    </form>
  )
}
