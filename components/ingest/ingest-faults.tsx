import { CircleCheck, CircleX, EyeOff } from 'lucide-react'
import { plural } from '@/components/traces/trace-words'
import { Card } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import type { IngestHealth } from '@/lib/tracing/contract'
import { reasonAdvice, reasonName, sourceName } from './ingest-words'

type Fault = IngestHealth['faults'][number]

// The same refusal again is one line with a higher number; the newest stands first.
const grouped = (faults: readonly Fault[]): Fault[] => {
  const lines = new Map<string, Fault>()
  for (const fault of faults) {
    const key = JSON.stringify([fault.source, fault.reason, wordsOf(fault.message)])
    const known = lines.get(key)
    lines.set(key, known ? { ...known, spans: known.spans + fault.spans } : fault)
  }
  return [...lines.values()]
}

// A message begins with its own number of spans.
const wordsOf = (message: string | null): string | null => message?.replace(/^\d+× /, '') ?? null

export const IngestFaults = ({ faults }: { faults: readonly Fault[] }) => (
  <Card title="Last refusals" flush>
    {faults.length === 0 ? (
      <p className="flex items-center justify-center gap-2 px-4 py-8 text-ink-muted text-table">
        <CircleCheck aria-hidden className="size-4 text-ok" /> Nothing was refused.
      </p>
    ) : (
      <ol className="max-h-[480px] divide-y divide-line overflow-y-auto">
        {grouped(faults).map((fault) => (
          <FaultRow key={fault.id} fault={fault} />
        ))}
      </ol>
    )}
  </Card>
)

const FaultRow = ({ fault }: { fault: Fault }) => {
  const advice = reasonAdvice(fault.reason)
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 px-4 py-3 text-table">
      <CircleX aria-hidden className="mt-0.5 size-4 text-bad" />
      <div className="grid min-w-0 gap-1">
        <p className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className="font-medium text-ink">{reasonName(fault.reason)}</span>
          <span className="text-ink-muted text-meta">
            {plural(fault.spans, 'span')} · {sourceName(fault.source)} · <RelativeTime iso={fault.created_at} />
          </span>
        </p>
        {advice ? <p className="text-ink-soft">{advice}</p> : null}
        {fault.message === null ? (
          <p className="flex items-center gap-1.5 text-ink-muted text-meta">
            <EyeOff aria-hidden className="size-3.5" /> An administrator sees what the sender was told.
          </p>
        ) : (
          <p className="break-words rounded-sm bg-sunken px-2 py-1 font-mono text-ink-soft text-meta">
            {wordsOf(fault.message)}
          </p>
        )}
      </div>
    </li>
  )
}
