import { Figure } from '@/components/jobs/figure'
import { evidenceHref } from '@/components/stats/stats-window'
import type { RiskDashboard } from '@/lib/insights/contract'
import type { Wire } from '@/lib/shared/api-client'

const percent = (part: number, whole: number): string => {
  const share = whole === 0 ? 0 : (100 * part) / whole
  return share > 0 && share < 0.1 ? '<0.1 %' : `${share.toFixed(1)} %`
}

export const RiskFigures = ({ risk, wire }: { risk: RiskDashboard; wire: Wire }) => {
  const { levels, trace_count: runs, unscored } = risk
  const share = (count: number) => `${percent(count, runs)} of the runs`
  const to = (level: string, count: number) => (count > 0 ? evidenceHref(wire, { risk_level: level }) : null)
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line rail:grid-cols-4">
      <Figure
        name="Runs"
        value={runs}
        note={unscored > 0 ? `${percent(unscored, runs)} of them not scored` : 'all of them scored'}
        href={evidenceHref(wire)}
      />
      <Figure
        name="Critical risk"
        value={levels.critical}
        note={share(levels.critical)}
        href={to('critical', levels.critical)}
      />
      <Figure name="High risk" value={levels.high} note={share(levels.high)} href={to('high', levels.high)} />
      <Figure
        name="Medium risk"
        value={levels.medium}
        note={`${share(levels.medium)}, ${percent(levels.low, runs)} low`}
        href={to('medium', levels.medium)}
      />
    </dl>
  )
}
