'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { formatCount } from '@/components/ui/format'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'
import type { RetentionView } from '@/lib/retention/contract'
import { ReasonFields, useReason } from './reason-fields'
import { useEraseUser } from './use-retention'

export const EraseCard = ({ view }: { view: RetentionView }) => {
  const [open, setOpen] = useState(false)
  const isHeld = view.rules.legal_hold
  return (
    <Card title="Erase a person">
      <div className="grid gap-3">
        <p className="text-ink-soft text-table">
          Deletes every trace of one user of this tenant, with all that hangs on it. What was spent and who did what
          stays.
        </p>
        {isHeld ? (
          <p className="text-ink-muted text-table">Not while a legal hold stands.</p>
        ) : (
          <Button look="danger" className="justify-self-start" onClick={() => setOpen(true)}>
            Erase a person…
          </Button>
        )}
      </div>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Erase the traces of a person"
        description="The audit log keeps how much went and why, with a digest in place of the name."
      >
        <EraseForm view={view} close={() => setOpen(false)} />
      </Dialog>
    </Card>
  )
}

const EraseForm = ({ view, close }: { view: RetentionView; close: () => void }) => {
  const [user, setUser] = useState('')
  const [typed, setTyped] = useState('')
  const reason = useReason('data_subject_request')
  const erase = useEraseUser()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const why = { reason_code: reason.code, justification: reason.justification }
    const body = { tenant_id: view.tenant_id, user_id: user, ...why }
    const answer = await erase.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    const { traces_deleted: count, left } = answer.data.erased
    const rest = left.running + left.pending
    const detail = rest > 0 ? `${formatCount(rest)} still run or have something to deliver and were left.` : ''
    notifyDone({
      text: count === 1 ? 'One trace erased' : `${formatCount(count)} traces erased`,
      detail,
      auditHref: auditHref(answer.requestId),
    })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="User id" hint="As the backend sends it" error={fieldErrors(erase.error)['user_id']}>
        {(wiring) => <Input {...wiring} value={user} onChange={(event) => setUser(event.target.value)} />}
      </Field>
      <ReasonFields reason={reason} error={erase.error} />
      <Field label="Type the user id again to confirm">
        {(wiring) => <Input {...wiring} value={typed} onChange={(event) => setTyped(event.target.value)} />}
      </Field>
      {erase.error ? <ErrorLine error={erase.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look="danger"
          disabled={!reason.isReady || user === '' || typed !== user}
          pending={erase.isPending}
        >
          Erase for good
        </Button>
      </DialogFooter>
    </form>
  )
}
