'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { type FilterField, type FilterPatch, type FilterValues, fromInstant, patchOf, toInstant } from './filter-field'

const MINUTE = 60_000
const PRESETS = [
  { label: 'Last hour', ms: 60 * MINUTE },
  { label: 'Last 24 hours', ms: 1_440 * MINUTE },
  { label: 'Last 7 days', ms: 7 * 1_440 * MINUTE },
  { label: 'Last 30 days', ms: 30 * 1_440 * MINUTE },
]

// To the minute, so that the same choice within it is the same address.
const instantBefore = (ms: number): string => {
  const now = performance.timeOrigin + performance.now()
  return new Date(Math.floor((now - ms) / MINUTE) * MINUTE).toISOString()
}

type RangeFormProps = { field: FilterField; values: FilterValues; onApply: (patch: FilterPatch) => void }

export const RangeForm = ({ field, values, onApply }: RangeFormProps) => {
  const [first, setFirst] = useState(values.first ? fromInstant(values.first) : '')
  const [second, setSecond] = useState(values.second ? fromInstant(values.second) : '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onApply(patchOf(field, { first: first && toInstant(first), second: second && toInstant(second) }))
  }
  return (
    <form onSubmit={submit} className="grid gap-3 p-2">
      <div className="grid grid-cols-2 gap-1.5">
        {PRESETS.map(({ label, ms }) => (
          <Button
            key={ms}
            size="small"
            onClick={() => onApply(patchOf(field, { first: instantBefore(ms), second: '' }))}
          >
            {label}
          </Button>
        ))}
      </div>
      <Field label="From" hint="In UTC">
        {(wiring) => (
          <Input {...wiring} type="datetime-local" value={first} onChange={(event) => setFirst(event.target.value)} />
        )}
      </Field>
      <Field label="Until">
        {(wiring) => (
          <Input {...wiring} type="datetime-local" value={second} onChange={(event) => setSecond(event.target.value)} />
        )}
      </Field>
      <Button type="submit" look="primary" disabled={first === '' && second === ''} className="justify-self-end">
        Apply
      </Button>
    </form>
  )
}
