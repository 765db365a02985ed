'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { DialogFooter } from '@/components/ui/dialog'
import { Field, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'

type ActFormProps = {
  // What it is called on the button, and what it will do, in words.
  verb: string
  consequence: ReactNode
  done: string
  look?: 'primary' | 'danger'
  children?: ReactNode
  disabled?: boolean
  // Optional unless it is needed; `none` where nobody would keep it.
  reason?: 'needed' | 'none'
  act: (reason: string) => Promise<{ requestId: string | null } | null>
  error: unknown
  // Shown in place of the error where it is explained better.
  explained?: ReactNode
  isPending: boolean
  close: () => void
}

export const ActForm = ({ verb, consequence, done, look = 'primary', children, ...props }: ActFormProps) => {
  const [reason, setReason] = useState('')
  const isReady = !props.disabled && (props.reason !== 'needed' || reason.trim() !== '')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const answer = await props.act(reason.trim())
    if (!answer) return
    notifyDone({ text: done, auditHref: auditHref(answer.requestId) })
    props.close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4" noValidate>
      {children}
      {props.reason === 'none' ? null : (
        <ReasonField isNeeded={props.reason === 'needed'} value={reason} onChange={setReason} error={props.error} />
      )}
      <p className="text-ink-soft text-table">{consequence}</p>
      {props.error ? (props.explained ?? <ErrorLine error={props.error} />) : null}
      <DialogFooter>
        <Button onClick={props.close}>Cancel</Button>
        <Button type="submit" look={look} pending={props.isPending} disabled={!isReady}>
          {verb}
        </Button>
      </DialogFooter>
    </form>
  )
}

type ReasonProps = { isNeeded: boolean; value: string; onChange: (text: string) => void; error: unknown }

export const ReasonField = ({ isNeeded, value, onChange, error }: ReasonProps) => (
  <Field
    label={isNeeded ? 'Reason' : 'Reason, if there is one to tell'}
    hint="It stays in the history and in the audit log."
    error={fieldErrors(error)['reason'] ?? fieldErrors(error)['annotation']}
  >
    {(wiring) => (
      <Textarea
        {...wiring}
        rows={2}
        maxLength={1_000}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
)
