import { Money, RiskLevel } from '@/components/traces/trace-cells'
import { runName, traceHref } from '@/components/traces/trace-words'
import { Card } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import type { RiskDashboard } from '@/lib/insights/contract'
import { RISK_LEVELS } from '@/lib/tracing/contract'

type Run = RiskDashboard['high_risk'][number]

const riskOf = ({ risk_level: name, risk_score: score }: Run): Parameters<typeof RiskLevel>[0]['risk'] => {
  const level = RISK_LEVELS.find((one) => one === name)
  return level ? { level, score, factors: [] } : null
}

export const RiskyRuns = ({ runs }: { runs: readonly Run[] }) => (
  <Card title="Newest runs of high risk" flush>
    {runs.length === 0 ? (
      <p className="px-4 py-6 text-center text-ink-muted text-table">No run of high or critical risk in this time.</p>
    ) : (
      <ul className="max-h-[420px] divide-y divide-line overflow-y-auto">
        {runs.map((run) => (
          <li key={run.id} className="relative flex min-h-11 items-center gap-3 px-4 py-1.5 text-table hover:bg-hover">
            <span className="w-20 shrink-0">
              <RiskLevel risk={riskOf(run)} />
            </span>
            <span className="w-8 shrink-0 text-right font-medium">{run.risk_score}</span>
            <span className="grid min-w-0 grow">
              <a
                href={traceHref(run.id)}
                className="truncate text-ink after:absolute after:inset-0 focus-visible:outline-offset-0"
              >
                {runName(run)}
              </a>
              <span className="truncate text-ink-muted text-meta">
                {run.workspace_id} · {run.model}
              </span>
            </span>
            <span className="shrink-0 text-right text-ink-muted text-meta">
              <RelativeTime iso={run.started_at} className="block" />
              <Money micro={run.total_cost_micro_usd} />
            </span>
          </li>
        ))}
      </ul>
    )}
  </Card>
)
