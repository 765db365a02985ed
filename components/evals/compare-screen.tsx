'use client'

import { ArrowLeftRight, GitCompareArrows } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Field } from '@/components/ui/field'
import { formatUtc } from '@/components/ui/format'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import type { EvalSummary } from '@/lib/evals/contract'
import { CompareCases } from './compare-cases'
import { CompareVerdict } from './compare-verdict'
import { EvalNav } from './eval-nav'
import { CHANGES, COMPARE_TEXT, evalHref, linkStyle, percent } from './eval-words'
import { CHANGE_NAMES, COMPARE_PAGE, type Compared, useCompared } from './use-compared'
import { useComparison, useEvals } from './use-evals'

export const CompareScreen = () => {
  const place = useCompared()
  const { baseline_id: baseline, id } = place
  const isChosen = baseline !== null && id !== null
  return (
    <>
      <PageHeader title="Compare" text={COMPARE_TEXT}>
        {isChosen ? (
          <Button onClick={() => place.go({ baseline_id: id, id: baseline })}>
            <ArrowLeftRight aria-hidden className="size-4" /> Swap sides
          </Button>
        ) : null}
      </PageHeader>
      <EvalNav here="compare" />
      <div className="grid gap-4">
        <Picker place={place} />
        {isChosen ? <Found place={place} baseline={baseline} id={id} /> : <Nothing />}
      </div>
    </>
  )
}

const Nothing = () => (
  <Card>
    <EmptyState
      icon={GitCompareArrows}
      title="Nothing is compared yet"
      text="Choose two runs of one dataset above, or select two in the list of runs. On the command line a worse case ends with an exit code:"
      command={{
        label: 'In a pipeline',
        code: 'clasper eval run --dataset cases.jsonl --baseline latest --fail-on regression',
      }}
    />
  </Card>
)

const labelOf = (run: EvalSummary): string =>
  `${run.dataset_name}, ${formatUtc(run.created_at).slice(0, 16)}, ${percent(run.scores.pass_rate)}, ${run.model}`

const Picker = ({ place }: { place: Compared }) => {
  const { data } = useEvals({ limit: '100' })
  const known = place.id ?? place.baseline_id
  const beside = useEvalName(known)
  const runs = (data?.results ?? []).filter(
    (run) => run.status !== 'running' && (beside === null || run.dataset_name === beside),
  )
  return (
    <Card title="Which two?">
      <div className="grid gap-3 sheet:grid-cols-2">
        <Choice
          label="Baseline"
          hint="As it was"
          value={place.baseline_id}
          runs={runs}
          onChoose={(baseline) => place.go({ baseline_id: baseline })}
        />
        <Choice
          label="Compared"
          hint="What is judged"
          value={place.id}
          runs={runs}
          onChoose={(id) => place.go({ id })}
        />
      </div>
      {beside === null ? null : (
        <p className="mt-3 text-ink-muted text-table">
          Runs of {beside}, the newest first.{' '}
          <button type="button" className={linkStyle} onClick={() => place.go({ id: null, baseline_id: null })}>
            Other datasets
          </button>
        </p>
      )}
    </Card>
  )
}

const useEvalName = (id: string | null): string | null => {
  const { data } = useEvals({ limit: '100' })
  return data?.results.find((run) => run.id === id)?.dataset_name ?? null
}

type ChoiceProps = {
  label: string
  hint: string
  value: string | null
  runs: readonly EvalSummary[]
  onChoose: (id: string | null) => void
}

const Choice = ({ label, hint, value, runs, onChoose }: ChoiceProps) => {
  const isKnown = value === null || runs.some(({ id }) => id === value)
  const options = [
    { value: '', label: 'Choose a run' },
    ...runs.map((run) => ({ value: run.id as string, label: labelOf(run) })),
    ...(isKnown ? [] : [{ value, label: `An older run, ${value.slice(0, 8)}…` }]),
  ]
  return (
    <Field label={label} hint={hint}>
      {(wiring) => (
        <span className="flex items-center gap-2">
          <Select
            {...wiring}
            className="min-w-0 grow"
            options={options}
            value={value ?? ''}
            onChange={(event) => onChoose(event.target.value === '' ? null : event.target.value)}
          />
          {value === null ? null : (
            <a href={evalHref(value)} className={linkStyle}>
              Open<span className="sr-only"> {label.toLowerCase()}</span>
            </a>
          )}
        </span>
      )}
    </Field>
  )
}

const Found = ({ place, baseline, id }: { place: Compared; baseline: string; id: string }) => {
  const query = useComparison(id, {
    baseline_id: baseline,
    limit: String(COMPARE_PAGE),
    ...(place.change === null ? {} : { change: place.change }),
    ...(place.offset > 0 ? { offset: String(place.offset) } : {}),
  })
  return (
    <QueryView
      query={query}
      what="The comparison"
      stillWorks="Each of the two can still be opened by itself."
      skeleton={<Skeleton className="h-80 rounded-md" />}
    >
      {({ comparison }) => (
        <div className="grid gap-4">
          <CompareVerdict comparison={comparison} />
          <section aria-label="Cases" className="min-w-0 rounded-md border border-line bg-surface">
            <div className="flex flex-wrap items-center gap-2 px-4 py-2">
              <Select
                aria-label="Cases shown"
                options={[
                  { value: '', label: 'All, the worse first' },
                  ...CHANGE_NAMES.map((value) => ({ value, label: CHANGES[value].name })),
                ]}
                value={place.change ?? ''}
                onChange={(event) =>
                  place.go({ change: CHANGE_NAMES.find((name) => name === event.target.value) ?? null })
                }
              />
            </div>
            <CompareCases comparison={comparison} place={place} />
          </section>
        </div>
      )}
    </QueryView>
  )
}
