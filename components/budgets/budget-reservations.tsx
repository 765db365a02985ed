import { runName, traceHref } from '@/components/traces/trace-words'
import { formatCount, formatMoney } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { BudgetEntry } from './budget-columns'

const MICRO = 1_000_000

type Held = BudgetEntry['reservations'][number]

export const BudgetReservations = ({ budget }: { budget: BudgetEntry }) => (
  <section aria-label="Held right now" className="grid gap-1.5">
    <h3 className="font-semibold text-ink text-table">
      Held right now <span className="font-normal text-ink-muted">{formatCount(budget.reservation_count)}</span>
    </h3>
    {budget.reservations.length === 0 ? (
      <p className="text-ink-muted text-table">No call is under way.</p>
    ) : (
      <ul className="divide-y divide-line rounded-md border border-line">
        {budget.reservations.map((held) => (
          <li key={held.id} className="flex items-center gap-3 px-3 py-1.5 text-table">
            <span className="grid min-w-0 grow">
              <Name held={held} />
              <span className="truncate text-ink-muted text-meta">
                {held.model} · given back <RelativeTime iso={held.lease_until} /> at the latest
              </span>
            </span>
            <span className="shrink-0 font-medium">{formatMoney(held.reserved_usd * MICRO)}</span>
          </li>
        ))}
      </ul>
    )}
  </section>
)

const Name = ({ held }: { held: Held }) => {
  const name = runName({ name: null, agent_role: held.agent_role, kind: held.kind })
  if (!held.trace_id) return <span className="truncate">{name}</span>
  return (
    <a
      href={traceHref(held.trace_id)}
      className="truncate text-ink underline-offset-2 hover:text-accent hover:underline"
    >
      {name}
    </a>
  )
}
