'use client'

import { GitCompareArrows } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { TraceStatus } from '@/components/traces/trace-status'
import { runName } from '@/components/traces/trace-words'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Field, Input } from '@/components/ui/field'
import { formatDuration, formatMoney, shortenId } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { Uuid } from '@/lib/shared/id'
import { type Kin, type Neighbour, useNeighbours, useSummary } from './use-diff'

type Pair = { base: string | null; compare: string | null }
type PickerProps = Pair & { onChoose: (pair: Pair) => void }

const WRONG = 'That is no trace id. It has 32 digits and four dashes.'
const faultIn = (id: string): string | undefined => (Uuid.safeParse(id.trim()).success ? undefined : WRONG)

export const DiffPicker = ({ base, compare, onChoose }: PickerProps) => {
  const [first, setFirst] = useState(base ?? '')
  const [second, setSecond] = useState(compare ?? '')
  const [isAsked, setAsked] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (!faultIn(first) && !faultIn(second)) onChoose({ base: first.trim(), compare: second.trim() })
  }
  const known = compare ?? base
  return (
    <Card title="Which two?">
      <div className="grid gap-5">
        <form onSubmit={submit} className="grid items-start gap-3 sheet:grid-cols-[1fr_1fr_auto]">
          <IdField label="Base" hint="The run as it was" value={first} onChange={setFirst} isAsked={isAsked} />
          <IdField label="Compare" hint="The run to judge" value={second} onChange={setSecond} isAsked={isAsked} />
          <Button type="submit" look="primary" className="sheet:mt-[26px]">
            <GitCompareArrows aria-hidden className="size-4" /> Compare
          </Button>
        </form>
        {known && !faultIn(known) ? (
          <Beside
            id={known}
            onPick={(id) => onChoose(known === compare ? { base: id, compare } : { base, compare: id })}
          />
        ) : null}
      </div>
    </Card>
  )
}

type IdFieldProps = {
  label: string
  hint: string
  value: string
  onChange: (value: string) => void
  isAsked: boolean
}

const IdField = ({ label, hint, value, onChange, isAsked }: IdFieldProps) => (
  <Field label={label} hint={hint} error={isAsked ? faultIn(value) : undefined}>
    {(wiring) => (
      <Input
        {...wiring}
        className="font-mono"
        placeholder="Trace id"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
)

const WORDS: Record<Kin, [before: string, after: string]> = {
  session: ['Before it in its session', 'After it in its session'],
  role: ['Before it of the same role', 'After it of the same role'],
}

const Beside = ({ id, onPick }: { id: string; onPick: (id: string) => void }) => {
  const summary = useSummary(id)
  const neighbours = useNeighbours(summary.data)
  if (summary.data === null) return <p className="text-table text-warn">There is no trace {shortenId(id)}.</p>
  if (summary.error || neighbours.error)
    return <p className="text-ink-muted text-table">The runs beside it could not be found; ids can still be pasted.</p>
  const found = neighbours.data
  return (
    <section aria-label="Runs beside it" className="grid gap-2">
      <h3 className="font-semibold text-ink text-table">Compare {shortenId(id)} with</h3>
      {found === undefined ? <Skeleton className="h-20 w-full" /> : null}
      {found?.length === 0 ? (
        <p className="text-ink-muted text-table">
          No other run is in its session or of its role. Paste an id, or select two runs in the list of traces.
        </p>
      ) : null}
      <ul className="grid gap-1.5">
        {found?.map((neighbour) => (
          <Choice key={`${neighbour.kin} ${neighbour.isBefore}`} neighbour={neighbour} onPick={onPick} />
        ))}
      </ul>
    </section>
  )
}

const Choice = ({ neighbour, onPick }: { neighbour: Neighbour; onPick: (id: string) => void }) => {
  const { kin, isBefore, trace } = neighbour
  return (
    <li>
      <button
        type="button"
        onClick={() => onPick(trace.id)}
        className="flex min-h-9 w-full flex-wrap items-center gap-x-4 gap-y-1 rounded-md border border-line px-3 py-1.5 text-left text-table hover:bg-hover"
      >
        <span className="font-medium text-ink">{WORDS[kin][isBefore ? 0 : 1]}</span>
        <TraceStatus status={trace.status} />
        <span className="text-ink-soft">{runName(trace)}</span>
        <code className="font-mono text-ink-muted text-meta">{shortenId(trace.id)}</code>
        <span className="ml-auto flex gap-3 text-ink-muted text-meta">
          <span>{trace.duration_ms === null ? 'running' : formatDuration(trace.duration_ms)}</span>
          <span>{formatMoney(trace.total_cost_micro_usd)}</span>
          <RelativeTime iso={trace.started_at} />
        </span>
      </button>
    </li>
  )
}
