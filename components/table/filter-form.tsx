'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { type FilterField, fromInstant, toInstant } from './filter-field'

type FilterFormProps = { field: FilterField; value: string; onApply: (value: string) => void }

const initialOf = (field: FilterField, value: string): string => {
  if (field.kind === 'instant') return value ? fromInstant(value) : ''
  return value || (field.kind === 'choice' ? (field.options?.[0]?.value ?? '') : '')
}

export const FilterForm = ({ field, value, onApply }: FilterFormProps) => {
  const [draft, setDraft] = useState(initialOf(field, value))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const text = draft.trim()
    if (text) onApply(field.kind === 'instant' ? toInstant(text) : text)
  }
  return (
    <form onSubmit={submit} className="grid gap-3 p-2">
      <Field label={field.label} hint={field.kind === 'instant' ? 'In UTC' : field.hint}>
        {(wiring) =>
          field.kind === 'choice' ? (
            <Select
              {...wiring}
              autoFocus
              options={field.options ?? []}
              value={draft}
              onChange={(event) => setDraft(event.target.value)}
            />
          ) : (
            <Input
              {...wiring}
              autoFocus
              type={field.kind === 'instant' ? 'datetime-local' : 'text'}
              placeholder={field.placeholder}
              value={draft}
              onChange={(event) => setDraft(event.target.value)}
            />
          )
        }
      </Field>
      <Button type="submit" look="primary" disabled={draft.trim() === ''} className="justify-self-end">
        Apply
      </Button>
    </form>
  )
}
