'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { type FilterField, type FilterPatch, type FilterValues, fromInstant, patchOf, toInstant } from './filter-field'
import { RangeForm } from './range-form'

type FilterFormProps = { field: FilterField; values: FilterValues; onApply: (patch: FilterPatch) => void }

const initialOf = (field: FilterField, value: string): string => {
  if (field.kind === 'instant') return value ? fromInstant(value) : ''
  return value || (field.kind === 'choice' ? (field.options?.[0]?.value ?? '') : '')
}

export const FilterForm = (props: FilterFormProps) => {
  if (props.field.kind === 'range') return <RangeForm {...props} />
  if (props.field.kind === 'pair') return <PairForm {...props} />
  return <OneForm {...props} />
}

const OneForm = ({ field, values, onApply }: FilterFormProps) => {
  const [draft, setDraft] = useState(initialOf(field, values.first))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const text = draft.trim()
    if (text) onApply({ [field.name]: field.kind === 'instant' ? toInstant(text) : text })
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

const PairForm = ({ field, values, onApply }: FilterFormProps) => {
  const [first, setFirst] = useState(values.first)
  const [second, setSecond] = useState(values.second)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onApply(patchOf(field, { first: first.trim(), second: second.trim() }))
  }
  return (
    <form onSubmit={submit} className="grid gap-3 p-2">
      <Field label={field.parts?.[0] ?? field.label}>
        {(wiring) => <Input {...wiring} autoFocus value={first} onChange={(event) => setFirst(event.target.value)} />}
      </Field>
      <Field label={field.parts?.[1] ?? field.label} hint={field.hint}>
        {(wiring) => <Input {...wiring} value={second} onChange={(event) => setSecond(event.target.value)} />}
      </Field>
      <Button
        type="submit"
        look="primary"
        disabled={first.trim() === '' && second.trim() === ''}
        className="justify-self-end"
      >
        Apply
      </Button>
    </form>
  )
}
