'use client'

import { linkStyle } from '@/components/policies/policy-words'
import { Money, none } from '@/components/traces/trace-cells'
import { TraceStatus } from '@/components/traces/trace-status'
import { traceHref } from '@/components/traces/trace-words'
import { formatMoney, shortenId } from '@/components/ui/format'
import type { DecisionView } from '@/lib/governance/contract'
import { useRunOf } from './use-decisions'

export const RunLink = ({ id }: { id: string }) => {
  const run = useRunOf(id).data?.traces[0]
  return (
    <span className="flex flex-wrap items-center gap-2">
      <a href={traceHref(id)} className={linkStyle}>
        Trace <span className="font-mono text-meta">{shortenId(id)}</span>
      </a>
      {run ? <TraceStatus status={run.status} /> : null}
    </span>
  )
}

/** What the run has cost by now; of an external agent what it said it would cost. */
export const CostSoFar = ({ decision }: { decision: DecisionView }) => {
  const { trace_id: trace, cost_micro_usd: expected } = decision
  const run = useRunOf(trace).data?.traces[0]
  const more = expected === null || expected === 0 ? '' : `, about ${formatMoney(expected)} expected`
  if (!run) return expected === null ? none : <>About {formatMoney(expected)} expected</>
  return (
    <>
      <Money micro={run.total_cost_micro_usd} estimated={run.usage.usage_estimated} />
      {more}
    </>
  )
}
