'use client'

import { Plus, X } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/field'
import { useLabels } from './use-traces'

type LabelEditorProps = { id: string; labels: Readonly<Record<string, string>> }

export const LabelEditor = ({ id, labels }: LabelEditorProps) => {
  const mayLabel = useMay('trace:label')
  const change = useLabels()
  const all = Object.entries(labels)
  return (
    <section aria-label="Labels" className="grid gap-2">
      <h3 className="font-semibold text-ink text-table">Labels</h3>
      {all.length === 0 ? <p className="text-ink-muted text-table">None yet.</p> : null}
      {all.length > 0 ? (
        <ul className="flex flex-wrap gap-1.5">
          {all.map(([key, value]) => (
            <LabelChip
              key={key}
              name={key}
              value={value}
              onRemove={mayLabel ? () => change.mutate({ id, labels: { [key]: null } }) : null}
            />
          ))}
        </ul>
      ) : null}
      {mayLabel ? (
        <LabelForm
          isPending={change.isPending}
          onAdd={(key, value) => change.mutateAsync({ id, labels: { [key]: value } })}
        />
      ) : null}
      {change.error ? <ErrorLine error={change.error} /> : null}
    </section>
  )
}

type LabelChipProps = { name: string; value: string; onRemove: (() => void) | null }

const LabelChip = ({ name, value, onRemove }: LabelChipProps) => (
  <li className="inline-flex min-h-6 max-w-full items-center rounded-sm bg-system-soft text-meta">
    <span className="min-w-0 break-words px-1.5">
      <span className="text-ink-muted">{name}</span> <span className="font-medium text-ink">{value}</span>
    </span>
    {onRemove ? (
      <button
        type="button"
        aria-label={`Remove label ${name}`}
        onClick={onRemove}
        className="grid size-6 shrink-0 place-items-center rounded-r-sm text-ink-muted hover:text-ink"
      >
        <X aria-hidden className="size-3" />
      </button>
    ) : null}
  </li>
)

type LabelFormProps = { isPending: boolean; onAdd: (key: string, value: string) => Promise<unknown> }

export const LabelForm = ({ isPending, onAdd }: LabelFormProps) => {
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const id = useId()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (key.trim() === '') return
    const done = await onAdd(key.trim(), value.trim()).then(
      () => true,
      () => false,
    )
    if (!done) return
    setKey('')
    setValue('')
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex items-center gap-1.5">
      <label htmlFor={`${id}-key`} className="sr-only">
        Label key
      </label>
      <Input id={`${id}-key`} placeholder="key" value={key} onChange={(event) => setKey(event.target.value)} />
      <label htmlFor={`${id}-value`} className="sr-only">
        Label value
      </label>
      <Input id={`${id}-value`} placeholder="value" value={value} onChange={(event) => setValue(event.target.value)} />
      <Button type="submit" pending={isPending} disabled={key.trim() === ''}>
        {isPending ? null : <Plus aria-hidden className="size-3.5" />} Add
      </Button>
    </form>
  )
}
