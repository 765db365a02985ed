'use client'

import { useId } from 'react'
import { Field, Input } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import { BUDGET_PERIODS } from '@/lib/governance/contract'
import type { Draft, Faults } from './budget-draft'
import { PERIODS, SCOPE_KINDS } from './budget-words'

type BudgetFieldsProps = {
  draft: Draft
  change: (patch: Partial<Draft>) => void
  faults: Faults
  error: unknown
  isNew: boolean
}

export const BudgetFields = (props: BudgetFieldsProps) => (
  <>
    {props.isNew ? <ScopeFields {...props} /> : null}
    <MoneyFields {...props} />
    <PeriodFields {...props} />
    <Field label="Justification" hint="Optional. It goes into the audit log.">
      {(wiring) => (
        <Input
          {...wiring}
          value={props.draft.justification}
          onChange={(event) => props.change({ justification: event.target.value })}
        />
      )}
    </Field>
  </>
)

const NAMES: Readonly<Record<Exclude<Draft['kind'], 'tenant'>, string>> = {
  workspace: 'Workspace id',
  environment: 'Environment',
  role: 'Role',
  user: 'User id',
}

const ScopeFields = ({ draft, change, faults, error }: BudgetFieldsProps) => (
  <div className="grid gap-4 sheet:grid-cols-2">
    <Field label="Whose money" hint="A run counts toward every budget that it falls under">
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={SCOPE_KINDS}
          value={draft.kind}
          onChange={(event) =>
            change({ kind: SCOPE_KINDS.find(({ value }) => value === event.target.value)?.value ?? 'tenant' })
          }
        />
      )}
    </Field>
    {draft.kind === 'tenant' ? null : (
      <Field label={NAMES[draft.kind]} error={faults.name ?? fieldErrors(error)['scope']}>
        {(wiring) => (
          <Input {...wiring} value={draft.name} onChange={(event) => change({ name: event.target.value })} />
        )}
      </Field>
    )}
    {draft.kind === 'environment' ? (
      <Field label="Of workspace" hint="Empty: of every workspace">
        {(wiring) => (
          <Input {...wiring} value={draft.workspace} onChange={(event) => change({ workspace: event.target.value })} />
        )}
      </Field>
    ) : null}
  </div>
)

const LIMITS = [
  { value: 'hard', label: 'Hard: refuse what does not fit' },
  { value: 'soft', label: 'Soft: tell people, stop nothing' },
]

const MoneyFields = ({ draft, change, faults, error }: BudgetFieldsProps) => (
  <div className="grid gap-4 sheet:grid-cols-2">
    <Field label="Limit, in USD" error={faults.amount ?? fieldErrors(error)['budget_usd']}>
      {(wiring) => (
        <Input
          {...wiring}
          inputMode="decimal"
          value={draft.amount}
          onChange={(event) => change({ amount: event.target.value.trim() })}
        />
      )}
    </Field>
    <Field label="Kind of limit">
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={LIMITS}
          value={draft.isHard ? 'hard' : 'soft'}
          onChange={(event) => change({ isHard: event.target.value === 'hard' })}
        />
      )}
    </Field>
    <Field
      label="Warn at, in percent"
      hint="Once in each period"
      error={faults.threshold ?? fieldErrors(error)['alert_threshold']}
    >
      {(wiring) => (
        <Input
          {...wiring}
          inputMode="decimal"
          value={draft.threshold}
          onChange={(event) => change({ threshold: event.target.value.trim() })}
        />
      )}
    </Field>
    <Field
      label="One run at most, in USD"
      hint="Empty: no cap of its own"
      error={faults.perRun ?? fieldErrors(error)['per_run_usd']}
    >
      {(wiring) => (
        <Input
          {...wiring}
          inputMode="decimal"
          value={draft.perRun}
          onChange={(event) => change({ perRun: event.target.value.trim() })}
        />
      )}
    </Field>
  </div>
)

const ZONES = Intl.supportedValuesOf('timeZone')

const PeriodFields = ({ draft, change, faults, error }: BudgetFieldsProps) => {
  const zones = useId()
  return (
    <div className="grid gap-4 sheet:grid-cols-2">
      <Field label="Period">
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={BUDGET_PERIODS.map((value) => ({ value, label: PERIODS[value].label }))}
            value={draft.period}
            onChange={(event) =>
              change({ period: BUDGET_PERIODS.find((period) => period === event.target.value) ?? 'monthly' })
            }
          />
        )}
      </Field>
      <Field label="Time zone" hint="Whose midnight begins a period" error={fieldErrors(error)['timezone']}>
        {(wiring) => (
          <>
            <Input
              {...wiring}
              list={zones}
              value={draft.timezone}
              onChange={(event) => change({ timezone: event.target.value })}
            />
            <datalist id={zones}>
              {['UTC', ...ZONES].map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      {draft.period === 'custom' ? <DateFields draft={draft} change={change} faults={faults} error={error} /> : null}
    </div>
  )
}

const DateFields = ({ draft, change, faults, error }: Omit<BudgetFieldsProps, 'isNew'>) => (
  <>
    <Field label="From, UTC" error={fieldErrors(error)['period_start']}>
      {(wiring) => (
        <Input
          {...wiring}
          type="datetime-local"
          value={draft.start}
          onChange={(event) => change({ start: event.target.value })}
        />
      )}
    </Field>
    <Field label="Until, UTC" error={faults.end ?? fieldErrors(error)['period_end']}>
      {(wiring) => (
        <Input
          {...wiring}
          type="datetime-local"
          value={draft.end}
          onChange={(event) => change({ end: event.target.value })}
        />
      )}
    </Field>
  </>
)
