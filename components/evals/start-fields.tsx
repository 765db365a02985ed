'use client'

import type { ReactNode } from 'react'
import { plural } from '@/components/traces/trace-words'
import { Check, Field, Input } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { useWorkspaces } from '@/components/workspaces/use-workspaces'
import { percent, STATUSES } from './eval-words'
import type { FieldsProps, RunDraft } from './run-draft'
import { useDatasets } from './use-datasets'
import { useEvals, useOffer } from './use-evals'

const Group = ({ title, children }: { title: string; children: ReactNode }) => (
  <fieldset className="grid min-w-0 gap-3">
    <legend className="mb-2 font-semibold text-ink text-prose">{title}</legend>
    <div className="grid items-start gap-3 sheet:grid-cols-2">{children}</div>
  </fieldset>
)

type Names = { [K in keyof RunDraft]: RunDraft[K] extends string ? K : never }[keyof RunDraft]
type TextProps = FieldsProps & { name: Names; label: string; hint?: string; placeholder?: string; mono?: boolean }

const TextField = ({ draft, faults, set, name, label, hint, placeholder, mono }: TextProps) => (
  <Field label={label} hint={hint} error={faults[name]}>
    {(wiring) => (
      <Input
        {...wiring}
        className={mono ? 'font-mono' : undefined}
        placeholder={placeholder}
        value={draft[name]}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    )}
  </Field>
)

type ChoiceProps = FieldsProps & {
  name: Names
  label: string
  hint?: string
  options: readonly { value: string; label: string }[]
}

const ChoiceField = ({ draft, faults, set, name, label, hint, options }: ChoiceProps) => {
  const isKnown = options.some(({ value }) => value === draft[name])
  return (
    <Field label={label} hint={hint} error={faults[name]}>
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={isKnown ? options : [...options, { value: draft[name], label: draft[name] }]}
          value={draft[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  )
}

export const WhatFields = (props: FieldsProps) => {
  const { data } = useDatasets({ limit: '100' })
  const names = (data?.datasets ?? []).map((one) => ({
    value: one.name,
    label: `${one.name} (${plural(one.case_count, 'case')})`,
  }))
  return (
    <Group title="Cases">
      <ChoiceField
        {...props}
        name="source"
        label="From"
        options={[
          { value: 'saved', label: 'A dataset kept here' },
          { value: 'file', label: 'A file of the workspace' },
        ]}
      />
      {props.draft.source === 'file' ? (
        <TextField {...props} name="file" label="File" hint="Below evals/: .jsonl, .json or .csv" mono />
      ) : (
        <>
          <ChoiceField
            {...props}
            name="dataset"
            label="Dataset"
            options={[{ value: '', label: 'Choose one' }, ...names]}
          />
          <TextField
            {...props}
            name="datasetVersion"
            label="Its version"
            hint="Empty: the newest"
            placeholder="newest"
          />
        </>
      )}
      <BaselineField {...props} />
    </Group>
  )
}

const BaselineField = (props: FieldsProps) => {
  const { draft } = props
  const dataset = draft.source === 'saved' ? draft.dataset : draft.file
  const { data } = useEvals({ dataset_name: dataset, limit: '20' }, dataset !== '')
  const runs = (dataset === '' ? [] : (data?.results ?? [])).filter((run) => run.status !== 'running')
  const options = runs.map((run) => ({
    value: run.id,
    label: `${run.created_at.slice(0, 16).replace('T', ' ')}, ${percent(run.scores.pass_rate)}, ${STATUSES[run.status].name.toLowerCase()}`,
  }))
  return (
    <ChoiceField
      {...props}
      name="baseline"
      label="Baseline"
      hint="What it is compared with when it has ended"
      options={[{ value: '', label: 'None' }, ...options]}
    />
  )
}

const SUBJECTS = [
  { value: 'files', label: 'What runs in the workspace now' },
  { value: 'environment', label: 'An environment' },
  { value: 'version', label: 'A version' },
]

export const SubjectFields = (props: FieldsProps) => {
  const { draft } = props
  const { data } = useWorkspaces({ limit: '200' })
  const offer = useOffer(draft.workspace, true).data
  const workspaces = (data?.workspaces ?? []).map(({ workspace_id: id }) => ({ value: id, label: id }))
  const models = (offer?.models ?? []).map(({ name, is_default: isDefault }) => ({
    value: name,
    label: isDefault ? `${name} (usual)` : name,
  }))
  const environments = (offer?.environments ?? []).map(({ name }) => ({ value: name, label: name }))
  return (
    <Group title="What is tried">
      <ChoiceField
        {...props}
        name="workspace"
        label="Workspace"
        options={[{ value: '', label: 'The default one' }, ...workspaces]}
      />
      <ChoiceField {...props} name="subject" label="Which state of it" options={SUBJECTS} />
      {draft.subject === 'environment' ? (
        <ChoiceField
          {...props}
          name="environment"
          label="Environment"
          options={[{ value: '', label: 'Choose one' }, ...environments]}
        />
      ) : null}
      {draft.subject === 'version' ? (
        <TextField {...props} name="version" label="Version" hint="8 digits or more of its hash" mono />
      ) : null}
      <ChoiceField {...props} name="model" label="Model" options={[{ value: '', label: 'The usual one' }, ...models]} />
      <TextField {...props} name="skill" label="Skill" hint="Empty: those that the workspace has" />
      {draft.skill.trim() === '' ? null : (
        <TextField {...props} name="skillVersion" label="Version of the skill" hint="Empty: the latest" mono />
      )}
    </Group>
  )
}

export const LimitFields = (props: FieldsProps) => {
  const { draft, set } = props
  return (
    <Group title="How often, how far">
      <TextField {...props} name="repeats" label="Repeats of each case" hint="1 to 20; more than half have to pass" />
      <TextField {...props} name="parallel" label="At once" hint="1 to 16" />
      <TextField {...props} name="cap" label="At most, in US dollars" hint="Empty: the budget alone limits it" />
      <TextField {...props} name="threshold" label="Cases that have to pass, in %" />
      <TextField {...props} name="caseThreshold" label="Score of a case that passes, in %" />
      <Check
        className="sheet:pt-7"
        label="Mock all tools"
        hint={
          draft.isMocked ? 'Cases say what tools answer; any other refuses.' : 'Tools that only read are really called.'
        }
        checked={draft.isMocked}
        onChange={(event) => set({ isMocked: event.target.checked })}
      />
    </Group>
  )
}
