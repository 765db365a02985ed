'use client'

import { useId } from 'react'
import { cn } from '@/components/ui/cn'
import { Field, Input } from '@/components/ui/field'
import { shortenId } from '@/components/ui/format'
import { Select } from '@/components/ui/select'
import type { ReplayContext } from '@/lib/runtime/contract'
import { MODES } from './modes'
import type { ReplaySetup } from './replay-setup'
import { useModels } from './use-replay'

type ChoiceProps = { setup: ReplaySetup; onChange: (part: Partial<ReplaySetup>) => void }
type WithFaults = ChoiceProps & { faults: Readonly<Record<string, string>> }

export const ModeChoice = ({ setup, onChange }: ChoiceProps) => {
  const id = useId()
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 font-medium text-ink text-table">Mode</legend>
      {MODES.map(({ mode, name, does, costs, never }) => (
        <div
          key={mode}
          className={cn(
            'flex items-start gap-2.5 rounded-md border p-3',
            setup.mode === mode ? 'border-accent-line bg-accent-soft' : 'border-line',
          )}
        >
          <input
            id={`${id}-${mode}`}
            type="radio"
            name={id}
            value={mode}
            checked={setup.mode === mode}
            onChange={() => onChange({ mode })}
            aria-describedby={`${id}-${mode}-hint`}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span className="grid gap-0.5">
            <label htmlFor={`${id}-${mode}`} className="font-medium text-ink text-table">
              {name}
            </label>
            <span id={`${id}-${mode}-hint`} className="grid text-ink-soft text-meta">
              <span>{does}</span>
              <span>
                {costs} {never}
              </span>
            </span>
          </span>
        </div>
      ))}
    </fieldset>
  )
}

const TARGETS = ['recorded', 'current', 'kept'] as const

const targetWords = (hash: string | null): Record<ReplaySetup['target'], string> => ({
  recorded: hash ? `As recorded (${shortenId(hash)})` : 'As recorded',
  current: 'The files as they are now',
  kept: 'Another kept version, by its hash',
})

export const VersionChoice = ({ setup, onChange, faults, hash }: WithFaults & { hash: string | null }) => {
  const words = targetWords(hash)
  return (
    <div className="grid gap-3">
      <Field label="Workspace version" error={setup.target === 'kept' ? undefined : faults['workspace_version']}>
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={TARGETS.map((value) => ({ value, label: words[value] }))}
            value={setup.target}
            onChange={(event) =>
              onChange({ target: TARGETS.find((target) => target === event.target.value) ?? 'recorded' })
            }
          />
        )}
      </Field>
      {setup.target === 'kept' ? (
        <Field label="Hash" hint="Its first 16 digits or all 64" error={faults['workspace_version']}>
          {(wiring) => (
            <Input
              {...wiring}
              className="font-mono"
              value={setup.version}
              onChange={(event) => onChange({ version: event.target.value })}
            />
          )}
        </Field>
      ) : null}
    </div>
  )
}

type ModelProps = WithFaults & { context: ReplayContext }

export const ModelChoice = ({ setup, onChange, faults, context }: ModelProps) => {
  const { data } = useModels()
  const recorded = { value: '', label: `As recorded (${context.provider}/${context.model.replace(/^.*\//, '')})` }
  const known = (data?.models ?? []).map(({ name }) => ({ value: name, label: name }))
  return (
    <div className="grid gap-3 sheet:grid-cols-[minmax(0,1fr)_160px]">
      <Field label="Model" error={faults['model']}>
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={[recorded, ...known]}
            value={setup.model}
            onChange={(event) => onChange({ model: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Temperature"
        hint={context.temperature === null ? 'Empty: as recorded' : `Empty: ${context.temperature}, as recorded`}
        error={faults['temperature']}
      >
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="decimal"
            value={setup.temperature}
            onChange={(event) => onChange({ temperature: event.target.value })}
          />
        )}
      </Field>
    </div>
  )
}
