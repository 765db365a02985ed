'use client'

import { type FormEvent, useId, useState } from 'react'
import { REASON_OPTIONS } from '@/components/receipts/receipt-words'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Check, Field, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import { notifyDone } from '@/components/ui/toast'
import type { DecisionView, ReasonCode, ResolveBody } from '@/lib/governance/contract'
import type { Role } from '@/lib/shared/rbac'
import { mayDeny, whyNotWords } from './decision-words'
import { useResolve } from './use-decisions'

const LEAST = 10

type Word = ResolveBody['action']

const DONE: Record<Word, string> = {
  approve: 'Approved: it is done now, once',
  approve_with_override: 'Approved as an exception: it is done now, once',
  deny: 'Denied: it is not done',
}

const useResolution = (id: string) => {
  const [text, setText] = useState('')
  const [isException, setException] = useState(false)
  const [code, setCode] = useState<ReasonCode>('incident_response')
  const resolve = useResolve()
  const say = async (action: Word) => {
    const reason = action === 'approve_with_override' ? { override_reason_code: code } : {}
    const body = { action, justification: text, ...reason }
    const answer = await resolve.mutateAsync({ params: { id }, body }).catch(() => null)
    if (answer) notifyDone({ text: DONE[action], auditHref: auditHref(answer.requestId) })
  }
  const isReady = text.trim().length >= LEAST
  return { text, setText, isException, setException, code, setCode, say, isReady, resolve }
}

type Resolution = ReturnType<typeof useResolution>

export const ResolveForm = ({ decision, role }: { decision: DecisionView; role: Role | null }) => {
  const own = useResolution(decision.decision_id)
  const whyNot = whyNotWords(decision, role)
  if (whyNot !== null && !mayDeny(decision))
    return <p className="rounded-md bg-sunken px-3 py-2 text-ink-soft text-table">{whyNot}</p>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (own.isReady && whyNot === null) void own.say(own.isException ? 'approve_with_override' : 'approve')
  }
  return (
    <form onSubmit={submit} aria-label="Decide" className="grid gap-3 rounded-md border border-line-strong p-3">
      <Field
        label="Justification"
        hint="At least 10 characters. It stays with the decision and in the audit log."
        error={fieldErrors(own.resolve.error)['justification']}
      >
        {(wiring) => (
          <Textarea {...wiring} rows={2} value={own.text} onChange={(event) => own.setText(event.target.value)} />
        )}
      </Field>
      {whyNot === null ? <Exception own={own} /> : null}
      {own.resolve.error ? <ErrorLine error={own.resolve.error} /> : null}
      <Buttons own={own} whyNot={whyNot} isRun={decision.adapter_id === null} />
    </form>
  )
}

const Exception = ({ own }: { own: Resolution }) => {
  if (!useMay('override:use')) return null
  return (
    <>
      <Check
        label="Approve with override"
        hint="Leaves a receipt that a second person has to acknowledge."
        checked={own.isException}
        onChange={(event) => own.setException(event.target.checked)}
      />
      {own.isException ? (
        <Field label="Reason" error={fieldErrors(own.resolve.error)['override_reason_code']}>
          {(wiring) => (
            <Select
              {...wiring}
              className="w-full"
              options={REASON_OPTIONS}
              value={own.code}
              onChange={(event) =>
                own.setCode(REASON_OPTIONS.find(({ value }) => value === event.target.value)?.value ?? 'other')
              }
            />
          )}
        </Field>
      ) : null}
    </>
  )
}

type ButtonsProps = { own: Resolution; whyNot: string | null; isRun: boolean }

const nextWords = (isRun: boolean): string =>
  isRun
    ? 'Approved, the run goes on and does exactly this, once. Denied, the agent is told and goes on without it.'
    : 'Approved, the agent gets a token for exactly this, once. Denied, it is refused.'

const Buttons = ({ own, whyNot, isRun }: ButtonsProps) => {
  const id = useId()
  const sent = own.resolve.isPending ? own.resolve.variables.body.action : null
  return (
    <div className="grid gap-2">
      <p id={id} className={whyNot === null ? 'text-ink-muted text-meta' : 'text-table text-warn'}>
        {whyNot ?? nextWords(isRun)}
      </p>
      <div className="flex flex-wrap gap-2 max-sheet:*:h-11 max-sheet:*:grow">
        <Button
          type="submit"
          look="primary"
          aria-describedby={id}
          disabled={whyNot !== null || !own.isReady || own.resolve.isPending}
          pending={sent !== null && sent !== 'deny'}
        >
          {own.isException ? 'Approve with override' : 'Approve'}
        </Button>
        <Button
          look="danger"
          disabled={!own.isReady || own.resolve.isPending}
          pending={sent === 'deny'}
          onClick={() => void own.say('deny')}
        >
          Deny
        </Button>
      </div>
    </div>
  )
}
