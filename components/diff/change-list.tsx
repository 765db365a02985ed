import { ArrowRight, Minus, Pencil, Plus } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { Change } from '@/lib/tracing/contract'

const OPS = {
  added: { icon: Plus, word: 'added', ink: 'text-ok' },
  removed: { icon: Minus, word: 'removed', ink: 'text-bad' },
  changed: { icon: Pencil, word: 'changed', ink: 'text-warn' },
} as const

const MOST = 400

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? ''
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text
}

const Value = ({ value, className }: { value: unknown; className: string }) => (
  <code className={cn('min-w-0 break-all rounded-sm px-1 font-mono text-meta', className)}>{shown(value)}</code>
)

type ChangeListProps = { changes: readonly Change[]; isCut: boolean; isWithheld: boolean }

// Where in the JSON something differs, and what stood there.
export const ChangeList = ({ changes, isCut, isWithheld }: ChangeListProps) => (
  <div className="grid gap-1.5">
    <ul className="grid gap-1.5">
      {changes.map(({ path, op, base, compare }) => {
        const { icon: Icon, word, ink } = OPS[op]
        return (
          <li key={`${op} ${path}`} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 text-table">
            <span className={cn('inline-flex items-center gap-1 text-meta', ink)}>
              <Icon aria-hidden className="size-3" /> {word}
            </span>
            <code className="break-all font-mono text-ink text-meta">{path}</code>
            {base === undefined ? null : <Value value={base} className="bg-bad-soft text-bad line-through" />}
            {base === undefined || compare === undefined ? null : (
              <ArrowRight aria-label="becomes" className="size-3 self-center text-ink-muted" />
            )}
            {compare === undefined ? null : <Value value={compare} className="bg-ok-soft text-ok" />}
            {isWithheld && base === undefined && compare === undefined ? (
              <span className="text-ink-muted text-meta">values withheld</span>
            ) : null}
          </li>
        )
      })}
    </ul>
    {isCut ? <p className="text-ink-muted text-meta">There is more than is listed.</p> : null}
  </div>
)
