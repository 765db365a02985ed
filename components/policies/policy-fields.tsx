'use client'

import type { ReactNode } from 'react'
import { roleName } from '@/components/shell/role-names'
import { Check, Field, Input, Textarea } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { SUBJECTS } from '@/lib/governance/contract'
import { ROLES } from '@/lib/shared/rbac'
import { ConditionLines } from './condition-lines'
import { type Draft, effectOf, type Faults, roleOf, subjectOf } from './policy-draft'
import { EFFECT_OPTIONS, SUBJECT_WORDS } from './policy-words'

type FieldsProps = { draft: Draft; change: (patch: Partial<Draft>) => void; faults: Faults; isNew: boolean }

export const PolicyFields = (props: FieldsProps) => (
  <div className="grid content-start gap-6">
    <Step at={1} title="What it speaks of">
      <SubjectFields {...props} />
    </Step>
    <Step at={2} title="Where it holds">
      <PlaceFields {...props} />
    </Step>
    <Step at={3} title="Only when">
      <ConditionLines lines={props.draft.lines} change={(lines) => props.change({ lines })} faults={props.faults} />
    </Step>
    <Step at={4} title="Then">
      <EffectFields {...props} />
    </Step>
  </div>
)

const Step = ({ at, title, children }: { at: number; title: string; children: ReactNode }) => (
  <fieldset className="grid gap-3">
    <legend className="mb-2 font-semibold text-ink text-prose">
      <span className="text-ink-muted">{at}.</span> {title}
    </legend>
    {children}
  </fieldset>
)

const HINTS: Readonly<Record<Draft['subjectType'], string>> = {
  tool: 'Its name, or ns:* for all of a name space; empty: every tool',
  adapter: 'The id of the agent; empty: every one',
  skill: 'Its name, or a state such as draft; empty: every one',
  environment: 'Such as production; empty: every one',
  risk: 'low, medium, high or critical; empty: every level',
  cost: '',
  agent: 'The role of the agent; empty: every role',
}

const SUBJECT_OPTIONS = SUBJECTS.map((value) => ({ value, label: SUBJECT_WORDS[value] }))

const SubjectFields = ({ draft, change, faults, isNew }: FieldsProps) => (
  <>
    {isNew ? (
      <Field
        label="Policy id"
        hint="How people and audit rows call it. It cannot be changed later."
        error={faults['policy_id']}
      >
        {(wiring) => (
          <Input
            {...wiring}
            placeholder="refunds-need-a-person"
            value={draft.id}
            onChange={(event) => change({ id: event.target.value })}
          />
        )}
      </Field>
    ) : null}
    <div className="grid gap-3 sheet:grid-cols-2">
      <Field label="Subject">
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={SUBJECT_OPTIONS}
            value={draft.subjectType}
            onChange={(event) => change({ subjectType: subjectOf(event.target.value) })}
          />
        )}
      </Field>
      {draft.subjectType === 'cost' ? null : (
        <Field label="Name" hint={HINTS[draft.subjectType]} error={faults['subject.name'] ?? faults['subject']}>
          {(wiring) => (
            <Input
              {...wiring}
              value={draft.subjectName}
              onChange={(event) => change({ subjectName: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  </>
)

const PlaceFields = ({ draft, change, faults }: FieldsProps) => (
  <div className="grid gap-3 sheet:grid-cols-2">
    <Field label="Workspace" hint="Empty: every one" error={faults['scope.workspace_id']}>
      {(wiring) => (
        <Input {...wiring} value={draft.workspace} onChange={(event) => change({ workspace: event.target.value })} />
      )}
    </Field>
    <Field label="Environment" hint="Empty: every one" error={faults['scope.environment']}>
      {(wiring) => (
        <Input
          {...wiring}
          value={draft.environment}
          onChange={(event) => change({ environment: event.target.value })}
        />
      )}
    </Field>
  </div>
)

const ROLE_OPTIONS = ROLES.filter((role) => role === 'release_manager' || role === 'admin').map((value) => ({
  value,
  label: `${roleName(value)} or above`,
}))

const EffectFields = ({ draft, change, faults }: FieldsProps) => (
  <>
    <div className="grid gap-3 sheet:grid-cols-2">
      <Field label="Effect">
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={EFFECT_OPTIONS}
            value={draft.effect}
            onChange={(event) => change({ effect: effectOf(event.target.value) })}
          />
        )}
      </Field>
      {draft.effect === 'require_approval' ? (
        <Field label="Approved by" hint="Never by who asked">
          {(wiring) => (
            <Select
              {...wiring}
              className="w-full"
              options={ROLE_OPTIONS}
              value={draft.requiredRole}
              onChange={(event) => change({ requiredRole: roleOf(event.target.value) })}
            />
          )}
        </Field>
      ) : null}
      <Field
        label="Precedence"
        hint="The higher wins. Among equals the narrower, then deny, approval, allow."
        error={faults['precedence']}
      >
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="numeric"
            value={draft.precedence}
            onChange={(event) => change({ precedence: event.target.value.trim() })}
          />
        )}
      </Field>
    </div>
    <Field label="Explanation" hint="What a refused person, and the agent, read." error={faults['explanation']}>
      {(wiring) => (
        <Textarea
          {...wiring}
          rows={2}
          value={draft.explanation}
          onChange={(event) => change({ explanation: event.target.value })}
        />
      )}
    </Field>
    <Check
      label="Enabled"
      hint="Off, it is kept and asked by nobody."
      checked={draft.isEnabled}
      onChange={(event) => change({ isEnabled: event.target.checked })}
    />
  </>
)
