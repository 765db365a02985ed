'use client'

import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { DialogFooter } from '@/components/ui/dialog'
import { Check, Field, Input } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import type { NewKey } from '@/lib/auth/contract'
import { SERVICE_SCOPES, type ServiceScope } from '@/lib/shared/rbac'
import { SCOPE_WORDS } from './scope-words'

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: 'never', label: 'Never expires' },
]

type KeyFormProps = {
  onSubmit: (body: z.input<typeof NewKey>) => Promise<void>
  onCancel: () => void
  pending: boolean
  error: unknown
}

const split = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)

export const KeyForm = ({ onSubmit, onCancel, pending, error }: KeyFormProps) => {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<ServiceScope[]>(['read'])
  const [workspaces, setWorkspaces] = useState('')
  const [lifetime, setLifetime] = useState('90')
  const faults = fieldErrors(error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const expires_in_days = lifetime === 'never' ? null : Number(lifetime)
    void onSubmit({ name: name.trim(), scopes, workspace_ids: split(workspaces), expires_in_days })
  }
  return (
    <form onSubmit={submit} className="grid gap-5">
      <Field label="Name" hint="Say which program holds it, such as “billing backend”." error={faults['name']}>
        {(wiring) => (
          <Input {...wiring} required maxLength={80} value={name} onChange={(e) => setName(e.target.value)} />
        )}
      </Field>
      <ScopeChoice chosen={scopes} onChange={setScopes} error={faults['scopes']} />
      <div className="grid gap-5 sheet:grid-cols-2">
        <Field label="Expires after" error={faults['expires_in_days']}>
          {(wiring) => (
            <Select {...wiring} options={LIFETIMES} value={lifetime} onChange={(e) => setLifetime(e.target.value)} />
          )}
        </Field>
        <Field label="Workspaces" hint="Empty: all of the tenant" error={faults['workspace_ids']}>
          {(wiring) => <Input {...wiring} value={workspaces} onChange={(e) => setWorkspaces(e.target.value)} />}
        </Field>
      </div>
      {error ? <ErrorLine error={error} /> : null}
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" pending={pending} disabled={name.trim() === '' || scopes.length === 0}>
          Create key
        </Button>
      </DialogFooter>
    </form>
  )
}

type ScopeChoiceProps = {
  chosen: readonly ServiceScope[]
  onChange: (scopes: ServiceScope[]) => void
  error: string | undefined
}

const ScopeChoice = ({ chosen, onChange, error }: ScopeChoiceProps) => (
  <fieldset className="grid gap-x-5 gap-y-2.5 sheet:grid-cols-2">
    <legend className="mb-2 font-medium text-table">What it may do</legend>
    {SERVICE_SCOPES.map((scope) => (
      <Check
        key={scope}
        label={SCOPE_WORDS[scope].label}
        hint={SCOPE_WORDS[scope].means}
        checked={chosen.includes(scope)}
        onChange={(event) =>
          onChange(SERVICE_SCOPES.filter((s) => (s === scope ? event.target.checked : chosen.includes(s))))
        }
      />
    ))}
    {chosen.length === 0 || error ? <p className="text-bad text-meta">{error ?? 'Choose at least one.'}</p> : null}
  </fieldset>
)
