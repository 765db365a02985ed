'use client'

import { Gavel } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Textarea } from '@/components/ui/field'
import { notifyDone } from '@/components/ui/toast'
import type { RetentionView } from '@/lib/retention/contract'
import { useSetPolicy } from './use-retention'

export const HoldCard = ({ view }: { view: RetentionView }) => {
  const mayChange = useMay('retention:modify')
  const [open, setOpen] = useState(false)
  const isHeld = view.rules.legal_hold
  const act = isHeld ? 'Lift the hold' : 'Set a hold'
  return (
    <Card
      title="Legal hold"
      actions={
        isHeld ? (
          <Badge tone="warn" icon={Gavel}>
            Stands
          </Badge>
        ) : (
          <Badge>None</Badge>
        )
      }
    >
      <div className="grid gap-3">
        <p className="text-ink-soft text-table">
          {isHeld
            ? 'Nothing is deleted or reduced, neither by the policy nor at the wish of a person.'
            : 'While a hold stands nothing is deleted or reduced, neither by the policy nor at the wish of a person.'}
        </p>
        {mayChange ? (
          <Button className="justify-self-start" onClick={() => setOpen(true)}>
            {act}
          </Button>
        ) : (
          <p className="text-ink-muted text-table">To change it needs a release manager.</p>
        )}
      </div>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={act}
        description={
          isHeld
            ? 'The next pass deletes and reduces again what the policy says.'
            : 'It holds at once, also for a pass that is under way.'
        }
      >
        <HoldForm view={view} act={act} close={() => setOpen(false)} />
      </Dialog>
    </Card>
  )
}

type HoldFormProps = { view: RetentionView; act: string; close: () => void }

const HoldForm = ({ view, act, close }: HoldFormProps) => {
  const [justification, setJustification] = useState('')
  const save = useSetPolicy()
  const isHeld = view.rules.legal_hold
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { tenant_id: view.tenant_id, legal_hold: !isHeld, justification }
    const answer = await save.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: isHeld ? 'The hold is lifted' : 'The hold stands', auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="Justification" hint="At least 10 characters. It goes into the audit log.">
        {(wiring) => (
          <Textarea {...wiring} value={justification} onChange={(event) => setJustification(event.target.value)} />
        )}
      </Field>
      {save.error ? <ErrorLine error={save.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look={isHeld ? 'danger' : 'primary'}
          disabled={justification.trim().length < 10}
          pending={save.isPending}
        >
          {act}
        </Button>
      </DialogFooter>
    </form>
  )
}
