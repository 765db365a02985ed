import { cn } from '@/components/ui/cn'
import { formatCount } from '@/components/ui/format'
import { EvalStatus } from './eval-badges'
import { isOpenState, type Reply } from './eval-words'

const PARTS = [
  { id: 'passed', name: 'passed', color: 'bg-ok' },
  { id: 'failed', name: 'failed', color: 'bg-bad' },
  { id: 'errors', name: 'broke', color: 'bg-warn' },
  { id: 'inconclusive', name: 'inconclusive', color: 'bg-system' },
] as const

const STATES: Record<Reply['state'], string> = {
  queued: 'Waits for its turn.',
  running: 'Runs; this page fills in by itself.',
  cancelling: 'Is being cancelled.',
  completed: 'Came to its end.',
  cancelled: 'Was cancelled.',
  stopped: 'Was stopped before its end.',
}

/** How far it is and how it goes, in words and as one bar. */
export const EvalProgress = ({ reply }: { reply: Reply }) => {
  const { summary, state, result } = reply
  const told = PARTS.filter(({ id }) => summary[id] > 0).map(({ id, name }) => `${formatCount(summary[id])} ${name}`)
  const done = summary.total - summary.pending
  return (
    <section aria-label="Progress" className="grid gap-2 rounded-md border border-line bg-surface px-4 py-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-table" aria-live="polite">
        <EvalStatus status={reply.status} />
        <span className="text-ink-soft">{STATES[state]}</span>
        <span className="font-medium">
          {isOpenState(state) ? `${formatCount(done)} of ${formatCount(summary.total)} cases` : told.join(', ')}
        </span>
        {isOpenState(state) && told.length > 0 ? <span className="text-ink-muted">{told.join(', ')}</span> : null}
      </p>
      {result.failure ? <p className="break-words text-bad text-table">{result.failure}</p> : null}
      <div aria-hidden className="flex h-2 overflow-hidden rounded-sm bg-sunken">
        {PARTS.map(({ id, color }) => (
          <span
            key={id}
            className={cn('h-full', color)}
            style={{ width: `${summary.total === 0 ? 0 : (100 * summary[id]) / summary.total}%` }}
          />
        ))}
      </div>
    </section>
  )
}
