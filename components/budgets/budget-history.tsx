import { shortDay } from '@/components/insights/insights-words'
import { cn } from '@/components/ui/cn'
import { formatExactMoney, formatMoney, formatUtc } from '@/components/ui/format'
import type { BudgetEntry } from './budget-columns'

const MICRO = 1_000_000

type Past = BudgetEntry['history'][number]

const percent = ({ budget_usd: limit, spent_usd: spent }: Past): number => (limit === 0 ? 0 : (100 * spent) / limit)

export const BudgetHistory = ({ history }: { history: readonly Past[] }) => (
  <section aria-label="Earlier periods" className="grid gap-1.5">
    <h3 className="font-semibold text-ink text-table">Earlier periods</h3>
    {history.length === 0 ? (
      <p className="text-ink-muted text-table">None has ended yet.</p>
    ) : (
      <table className="w-full border-separate border-spacing-0 text-table">
        <caption className="sr-only">Earlier periods, the newest first</caption>
        <thead className="text-ink-muted text-meta">
          <tr>
            <th scope="col" className="h-7 text-left font-normal">
              From
            </th>
            <th scope="col" className="h-7 text-right font-normal">
              Spent
            </th>
            <th scope="col" className="h-7 text-right font-normal">
              Of
            </th>
            <th scope="col" className="h-7 w-16 text-right font-normal">
              Used
            </th>
          </tr>
        </thead>
        <tbody>
          {history.map((past) => (
            <tr key={past.period_start}>
              <th
                scope="row"
                title={`${formatUtc(past.period_start)} to ${formatUtc(past.period_end)}`}
                className="h-8 border-line border-t text-left font-normal"
              >
                {shortDay(past.period_start)} {past.period_start.slice(0, 4)}
              </th>
              <td className="h-8 border-line border-t text-right" title={formatExactMoney(past.spent_micro_usd)}>
                {formatMoney(past.spent_micro_usd)}
              </td>
              <td className="h-8 border-line border-t text-right">{formatMoney(past.budget_usd * MICRO)}</td>
              <td className={cn('h-8 border-line border-t text-right', percent(past) > 100 && 'text-bad')}>
                {percent(past).toFixed(0)} %
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
)
