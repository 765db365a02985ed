'use client'

import { ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { CopyId } from '@/components/ui/copy-id'
import { Field, Input } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { modelIn, modelLabel, roleIn, type Setup } from './setup'
import type { Offer } from './use-playground'

type SetupProps = {
  offer: Offer
  setup: Setup
  onChange: (change: Partial<Setup>) => void
  onWorkspace: (id: string) => void
  isFetching: boolean
}

// On a phone the answer comes first: what it is asked with folds away to one line.
export const SetupCard = (props: SetupProps) => {
  const [open, setOpen] = useState(false)
  const id = useId()
  const { offer, setup } = props
  const summary = `${offer.workspace_id} · ${roleIn(offer, setup)} · ${modelIn(offer, setup)?.name ?? 'no model'}`
  return (
    <section aria-label="Setup" className="min-w-0 rounded-md border border-line bg-surface">
      <header className="flex min-h-11 items-center justify-between gap-3 px-4 py-1.5 rail:border-line rail:border-b">
        <h2 className="font-semibold text-ink text-prose">Setup</h2>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="flex h-8 min-w-0 items-center gap-1.5 text-ink-muted text-meta rail:hidden"
        >
          <span className="sr-only">Change setup: </span>
          <span className="truncate">{summary}</span>
          <ChevronDown aria-hidden className={cn('size-4 shrink-0 transition-transform', open && 'rotate-180')} />
        </button>
      </header>
      <div
        id={id}
        className={cn('gap-4 p-4 max-rail:border-line max-rail:border-t', open ? 'grid' : 'grid max-rail:hidden')}
      >
        <Choices {...props} />
      </div>
    </section>
  )
}

const Choices = ({ offer, setup, onChange, onWorkspace, isFetching }: SetupProps) => (
  <>
    <Field label="Workspace">
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={offer.workspaces.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} · ${id}` }))}
          value={offer.workspace_id}
          onChange={(event) => onWorkspace(event.target.value)}
        />
      )}
    </Field>
    <Version hash={offer.workspace_hash} isFetching={isFetching} />
    <Field label="Role" hint="Which persona answers">
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={offer.roles.map((role) => ({ value: role, label: role }))}
          value={roleIn(offer, setup)}
          onChange={(event) => onChange({ role: event.target.value })}
        />
      )}
    </Field>
    <ModelChoice offer={offer} setup={setup} onChange={onChange} />
    <Field label="Temperature" hint="0 to 2; empty means 0.4">
      {(wiring) => (
        <Input
          {...wiring}
          type="number"
          inputMode="decimal"
          min={0}
          max={2}
          step={0.1}
          placeholder="0.4"
          value={setup.temperature}
          onChange={(event) => onChange({ temperature: event.target.value })}
        />
      )}
    </Field>
    <Field
      label="Task title"
      hint={
        setup.taskTitle.trim() === ''
          ? 'Without one nothing is posted to the backend.'
          : 'The answer is posted to this task of the backend, which is created if there is none.'
      }
    >
      {(wiring) => (
        <Input
          {...wiring}
          maxLength={500}
          placeholder="Nothing is posted"
          value={setup.taskTitle}
          onChange={(event) => onChange({ taskTitle: event.target.value })}
        />
      )}
    </Field>
  </>
)

const Version = ({ hash, isFetching }: { hash: string; isFetching: boolean }) => (
  <div className="grid gap-1.5">
    <p className="font-medium text-ink text-table">Version</p>
    <p className="flex min-h-8 flex-wrap items-center gap-x-2 rounded-md border border-line bg-sunken px-2.5 text-ink-soft text-table">
      Files as they are now
      <span className={cn(isFetching && 'opacity-50')}>
        <CopyId id={hash} what="workspace hash" />
      </span>
    </p>
  </div>
)

const ModelChoice = ({ offer, setup, onChange }: Pick<SetupProps, 'offer' | 'setup' | 'onChange'>) => {
  const chosen = modelIn(offer, setup)
  return (
    <div className="grid gap-1.5">
      <Field label="Model">
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={offer.models.map((model) => ({ value: model.name, label: modelLabel(model) }))}
            value={chosen?.name ?? ''}
            onChange={(event) => onChange({ model: event.target.value })}
          />
        )}
      </Field>
      {chosen?.is_demo ? (
        <p className="flex flex-wrap items-center gap-1.5 text-ink-muted text-meta">
          <Badge tone="warn">Demo model</Badge> Built in, deterministic, asks no provider.
        </p>
      ) : null}
    </div>
  )
}
