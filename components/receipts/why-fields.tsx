'use client'

import { useState } from 'react'
import { Field, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import type { ReasonCode } from '@/lib/governance/contract'
import { REASON_OPTIONS } from './receipt-words'

const LEAST = 10

export const useWhy = () => {
  const [code, setCode] = useState<ReasonCode>('incident_response')
  const [text, setText] = useState('')
  return { code, setCode, text, setText, isReady: text.trim().length >= LEAST }
}

type WhyFieldsProps = { why: ReturnType<typeof useWhy>; error: unknown }

export const WhyFields = ({ why, error }: WhyFieldsProps) => (
  <>
    <Field label="Reason" error={fieldErrors(error)['reason_code']}>
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={REASON_OPTIONS}
          value={why.code}
          onChange={(event) =>
            why.setCode(REASON_OPTIONS.find(({ value }) => value === event.target.value)?.value ?? 'other')
          }
        />
      )}
    </Field>
    <Field
      label="Justification"
      hint="At least 10 characters. A second person reads it."
      error={fieldErrors(error)['justification']}
    >
      {(wiring) => <Textarea {...wiring} value={why.text} onChange={(event) => why.setText(event.target.value)} />}
    </Field>
  </>
)
