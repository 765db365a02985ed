'use client'

import { type FormEvent, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Facts } from '@/components/ui/facts'
import { Field, Input } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { notifyDone } from '@/components/ui/toast'
import type { RetentionView } from '@/lib/retention/contract'
import { PreviewStrip } from './preview-strip'
import { optionsOf, SAMPLING, STORAGE } from './retention-words'
import { useSetPolicy } from './use-retention'

type Rules = RetentionView['rules']

const MOST_DAYS = 3650

const daysIn = (text: string): number | null => {
  const days = Number(text)
  return /^\d{1,4}$/.test(text) && days >= 1 && days <= MOST_DAYS ? days : null
}

export const PolicyCard = ({ view }: { view: RetentionView }) => {
  const mayChange = useMay('retention:modify')
  return (
    <Card title="Policy" actions={<Since view={view} />}>
      {mayChange ? <PolicyForm key={JSON.stringify(view.rules)} view={view} /> : <PolicyFacts rules={view.rules} />}
    </Card>
  )
}

const Since = ({ view: { policy } }: { view: RetentionView }) =>
  policy === null ? (
    <Badge>Default</Badge>
  ) : (
    <p className="text-ink-muted text-meta">
      Set <RelativeTime iso={policy.updated_at} />
    </p>
  )

const PolicyFacts = ({ rules }: { rules: Rules }) => (
  <div className="grid gap-4">
    <Facts
      facts={[
        { name: 'Kept for', value: `${rules.retention_days} days` },
        { name: 'Kept are', value: SAMPLING[rules.sampling_strategy].label },
        { name: 'Kept how', value: STORAGE[rules.storage_mode].label },
      ]}
    />
    <PreviewStrip tried={rules} isChanged={false} />
    <p className="text-ink-muted text-table">To change the policy needs a release manager.</p>
  </div>
)

const useDraft = (rules: Rules) => {
  const [days, setDays] = useState(String(rules.retention_days))
  const [sampling, setSampling] = useState(rules.sampling_strategy)
  const [storage, setStorage] = useState(rules.storage_mode)
  const count = daysIn(days)
  const tried = { retention_days: count ?? rules.retention_days, sampling_strategy: sampling, storage_mode: storage }
  const isChanged =
    tried.retention_days !== rules.retention_days ||
    tried.sampling_strategy !== rules.sampling_strategy ||
    tried.storage_mode !== rules.storage_mode
  return { days, setDays, sampling, setSampling, storage, setStorage, tried, isChanged, isValid: count !== null }
}

const PolicyForm = ({ view }: { view: RetentionView }) => {
  const draft = useDraft(view.rules)
  const save = useSetPolicy()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { tenant_id: view.tenant_id, ...draft.tried }
    const answer = await save.mutateAsync({ body }).catch(() => null)
    if (answer) notifyDone({ text: 'The policy is saved', auditHref: auditHref(answer.requestId) })
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <DraftFields draft={draft} error={save.error} />
      <PreviewStrip tried={draft.tried} isChanged={draft.isChanged} />
      {save.error ? <ErrorLine error={save.error} /> : null}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" disabled={!draft.isChanged || !draft.isValid} pending={save.isPending}>
          Save policy
        </Button>
        <p className="text-ink-muted text-meta">It takes effect with the next pass: daily after 00:00 UTC, or now.</p>
      </div>
    </form>
  )
}

const DraftFields = ({ draft, error }: { draft: ReturnType<typeof useDraft>; error: unknown }) => (
  <div className="grid gap-4 sheet:grid-cols-3">
    <Field
      label="Keep for days"
      hint="From the start of a trace"
      error={draft.isValid ? fieldErrors(error)['retention_days'] : `1 to ${MOST_DAYS}`}
    >
      {(wiring) => (
        <Input
          {...wiring}
          inputMode="numeric"
          value={draft.days}
          onChange={(event) => draft.setDays(event.target.value.trim())}
        />
      )}
    </Field>
    <Field label="Keep which" hint="Errors are always kept until then">
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={optionsOf(SAMPLING)}
          value={draft.sampling}
          onChange={(event) => draft.setSampling(chosen(SAMPLING, event.target.value, draft.sampling))}
        />
      )}
    </Field>
    <Field label="Keep how" hint="What is taken away does not come back">
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={optionsOf(STORAGE)}
          value={draft.storage}
          onChange={(event) => draft.setStorage(chosen(STORAGE, event.target.value, draft.storage))}
        />
      )}
    </Field>
  </div>
)

const chosen = <K extends string>(words: Record<K, { label: string }>, value: string, otherwise: K): K =>
  optionsOf(words).find((option) => option.value === value)?.value ?? otherwise
