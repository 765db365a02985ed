import { Money } from '@/components/traces/trace-cells'
import { Card } from '@/components/ui/card'
import { formatCount, formatShortCount } from '@/components/ui/format'
import type { RiskDashboard } from '@/lib/insights/contract'
import { factorWords } from './insights-words'

const headStyle = 'h-8 px-2 font-medium'
const cellStyle = 'border-line border-t px-2 py-1.5 align-top'

export const RiskFactors = ({ factors }: { factors: RiskDashboard['top_factors'] }) => {
  const most = Math.max(1, ...factors.map(({ points, trace_count: runs }) => points * runs))
  return (
    <Card title="What makes runs dangerous" flush>
      {factors.length === 0 ? (
        <p className="px-4 py-6 text-center text-ink-muted text-table">Nothing added to a score in this time.</p>
      ) : (
        <table className="w-full border-separate border-spacing-0 text-table">
          <caption className="sr-only">Factors of risk, those that added most first</caption>
          <thead>
            <tr className="text-left text-ink-muted text-meta">
              <th scope="col" className={`${headStyle} pl-4`}>
                Factor
              </th>
              <th scope="col" className={`${headStyle} text-right`}>
                Runs
              </th>
              <th scope="col" className={`${headStyle} text-right`}>
                Points
              </th>
              <th scope="col" className={`${headStyle} pr-4 text-right`}>
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {factors.map((factor) => (
              <FactorRow key={factor.factor} factor={factor} most={most} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}

const FactorRow = ({ factor, most }: { factor: RiskDashboard['top_factors'][number]; most: number }) => {
  const { name, means } = factorWords(factor.factor)
  return (
    <tr className="hover:bg-hover">
      <th scope="row" className={`${cellStyle} w-full pl-4 text-left font-normal`}>
        {name}
        {means ? <span className="block text-ink-muted text-meta">{means}</span> : null}
        <span
          aria-hidden
          className="mt-1 block h-0.5 rounded-full bg-warn"
          style={{ width: `${(100 * factor.points * factor.trace_count) / most}%` }}
        />
      </th>
      <td className={`${cellStyle} text-right`} title={formatCount(factor.trace_count)}>
        {formatShortCount(factor.trace_count)}
      </td>
      <td
        className={`${cellStyle} whitespace-nowrap text-right`}
        title={`On average, of the 100 of a score; its strength is ${factor.strength} of 100`}
      >
        +{factor.points}
      </td>
      <td className={`${cellStyle} pr-4 text-right`}>
        <Money micro={factor.total_cost_micro_usd} />
      </td>
    </tr>
  )
}
