'use client'

import { useState } from 'react'
import { Field, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import { REASONS, type ReasonCode } from './retention-words'

const LEAST = 10

export const useReason = (first: ReasonCode) => {
  const [code, setCode] = useState<ReasonCode>(first)
  const [justification, setJustification] = useState('')
  return { code, setCode, justification, setJustification, isReady: justification.trim().length >= LEAST }
}

type ReasonFieldsProps = { reason: ReturnType<typeof useReason>; error: unknown }

export const ReasonFields = ({ reason, error }: ReasonFieldsProps) => (
  <>
    <Field label="Reason">
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={REASONS}
          value={reason.code}
          onChange={(event) =>
            reason.setCode(REASONS.find(({ value }) => value === event.target.value)?.value ?? 'other')
          }
        />
      )}
    </Field>
    <Field
      label="Justification"
      hint="At least 10 characters. It goes into the audit log."
      error={fieldErrors(error)['justification']}
    >
      {(wiring) => (
        <Textarea
          {...wiring}
          value={reason.justification}
          onChange={(event) => reason.setJustification(event.target.value)}
        />
      )}
    </Field>
  </>
)
