'use client'

import { Plus, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Check, Field, Input, Textarea } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { type FieldsProps, MODES, newScorer, SCORER_KINDS, type ScorerDraft, type ScorerKind } from './run-draft'

type Words = { name: string; value: string; hint: string; long?: true }

const KINDS: Record<ScorerKind, Words> = {
  regex: { name: 'Pattern', value: 'Pattern', hint: 'The answer has to match this regular expression' },
  tool_sequence: { name: 'Tool calls', value: 'How exactly', hint: 'Against the calls that each case expects' },
  latency: { name: 'Time', value: 'At most, in milliseconds', hint: 'A case that takes longer fails' },
  cost: { name: 'Cost', value: 'At most, in US dollars', hint: 'A case that costs more fails' },
  numeric: { name: 'Number', value: 'Tolerance', hint: 'The last number of the answer against the expected one' },
  json_schema: { name: 'JSON schema', value: 'Schema', hint: 'The answer has to be JSON that fits', long: true },
  judge: { name: 'Judge', value: 'Rubric', hint: 'A model says whether the answer meets this', long: true },
}

const KIND_OPTIONS = SCORER_KINDS.map((value) => ({ value, label: KINDS[value].name }))
const MOST = 10

const MODE_WORDS = { exact: 'Exactly these', prefix: 'These first', in_order: 'These, in this order' } as const
const MODE_OPTIONS = MODES.map((value) => ({ value, label: MODE_WORDS[value] }))

export const ScorerFields = ({ draft, faults, set }: FieldsProps) => {
  const change = (at: number, next: ScorerDraft) =>
    set({ scorers: draft.scorers.map((one, place) => (place === at ? next : one)) })
  const nextKey = 1 + Math.max(-1, ...draft.scorers.map(({ key }) => key))
  return (
    <fieldset className="grid min-w-0 gap-3">
      <legend className="mb-2 font-semibold text-ink text-prose">Scorers</legend>
      <p className="text-ink-muted text-table">
        Expected answers and calls of a case are always scored: exactly, by likeness, and by calls. These come on top.
      </p>
      {draft.scorers.map((scorer, at) => (
        <ScorerRow
          key={scorer.key}
          place={at}
          scorer={scorer}
          faults={faults}
          onChange={(next) => change(at, next)}
          onRemove={() => set({ scorers: draft.scorers.filter((_, place) => place !== at) })}
        />
      ))}
      {draft.scorers.length < MOST ? (
        <Button
          size="small"
          className="w-fit"
          onClick={() => set({ scorers: [...draft.scorers, newScorer('judge', nextKey)] })}
        >
          <Plus aria-hidden className="size-3.5" /> Scorer
        </Button>
      ) : null}
    </fieldset>
  )
}

type RowProps = {
  place: number
  scorer: ScorerDraft
  faults: FieldsProps['faults']
  onChange: (next: ScorerDraft) => void
  onRemove: () => void
}

const ScorerRow = ({ place, scorer, faults, onChange, onRemove }: RowProps) => {
  const words = KINDS[scorer.kind]
  return (
    <section aria-label={`Scorer ${place + 1}`} className="grid gap-3 rounded-md border border-line p-3">
      <div className="flex items-end gap-3">
        <div className="grow">
          <Field label="Kind">
            {(wiring) => (
              <Select
                {...wiring}
                className="w-full"
                options={KIND_OPTIONS}
                value={scorer.kind}
                onChange={(event) =>
                  onChange(newScorer(SCORER_KINDS.find((kind) => kind === event.target.value) ?? 'judge', scorer.key))
                }
              />
            )}
          </Field>
        </div>
        <Button size="icon" look="quiet" aria-label={`Remove scorer ${place + 1}`} onClick={onRemove}>
          <X aria-hidden className="size-4" />
        </Button>
      </div>
      <Field label={words.value} hint={words.hint} error={faults[`scorers.${place}`]}>
        {(wiring) => <Value wiring={wiring} scorer={scorer} onChange={(value) => onChange({ ...scorer, value })} />}
      </Field>
      {scorer.kind === 'judge' ? (
        <Field label="Passes from, in %" error={faults[`scorers.${place}.threshold`]}>
          {(wiring) => (
            <Input
              {...wiring}
              inputMode="numeric"
              value={scorer.threshold}
              onChange={(event) => onChange({ ...scorer, threshold: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      <Check
        label="A case that fails here fails"
        hint="Otherwise it only counts toward the score."
        checked={scorer.required}
        onChange={(event) => onChange({ ...scorer, required: event.target.checked })}
      />
    </section>
  )
}

type Wiring = Parameters<Parameters<typeof Field>[0]['children']>[0]
type ValueProps = { wiring: Wiring; scorer: ScorerDraft; onChange: (value: string) => void }

const Value = ({ wiring, scorer, onChange }: ValueProps) => {
  if (scorer.kind === 'tool_sequence')
    return (
      <Select
        {...wiring}
        className="w-full"
        options={MODE_OPTIONS}
        value={scorer.value === '' ? 'exact' : scorer.value}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  if (KINDS[scorer.kind].long)
    return (
      <Textarea
        {...wiring}
        rows={3}
        className={scorer.kind === 'json_schema' ? 'font-mono text-meta' : undefined}
        value={scorer.value}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  return <Input {...wiring} value={scorer.value} onChange={(event) => onChange(event.target.value)} />
}
