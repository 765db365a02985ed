import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatCount, formatDuration, formatExactMoney, formatMoney, formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Trace } from '@/lib/tracing/contract'
import { deliveryWords, kindWords, stopWords } from './run-words'

type Fact = { name: string; value: ReactNode }

const idFact = (name: string, id: string | null, what: string): Fact[] =>
  id === null ? [] : [{ name, value: <CopyId id={id} what={what} /> }]

const textFact = (name: string, value: string | null): Fact[] => (value === null ? [] : [{ name, value }])

const runFacts = (trace: Trace): Fact[] => [
  ...textFact('Role', trace.agent_role),
  ...textFact('User', trace.user_id),
  { name: 'Kind', value: kindWords(trace.kind) },
  {
    name: 'Workspace',
    value: (
      <span className="flex flex-wrap items-center gap-x-2">
        {trace.workspace_id}
        {trace.workspace_hash ? <CopyId id={trace.workspace_hash} what="workspace hash" /> : null}
      </span>
    ),
  },
  { name: 'Environment', value: trace.environment },
  {
    name: 'Started',
    value: (
      <>
        {formatUtc(trace.started_at)} · <RelativeTime iso={trace.started_at} className="text-ink-muted" />
      </>
    ),
  },
  { name: 'Took', value: trace.duration_ms === null ? 'Still running' : formatDuration(trace.duration_ms) },
  ...(trace.stop_reason ? [{ name: 'Ended', value: stopWords(trace.stop_reason) }] : []),
  ...idFact('Session', trace.session_key, 'session key'),
  ...idFact('Correlation', trace.correlation_id, 'correlation id'),
  ...idFact('Execution', trace.execution_id, 'execution id'),
]

const tokens = ({ usage }: Trace): Fact[] => {
  const fresh = usage.input_tokens - usage.cache_read_tokens - usage.cache_write_tokens
  const cached: Fact[] = [
    { name: 'Read from cache', value: formatCount(usage.cache_read_tokens) },
    { name: 'Written to cache', value: formatCount(usage.cache_write_tokens) },
  ].filter(({ value }) => value !== '0')
  return [
    { name: cached.length > 0 ? 'Fresh input' : 'Input', value: `${formatCount(fresh)} tokens` },
    ...cached,
    { name: 'Output', value: `${formatCount(usage.output_tokens)} tokens` },
  ]
}

const moneyFacts = (trace: Trace): Fact[] => [
  {
    name: 'Answered by',
    value: (
      <span className="flex flex-wrap items-center gap-1.5">
        <span className="break-all font-mono text-meta">{trace.model}</span>
        {trace.provider === 'demo' ? <Badge tone="warn">Demo model</Badge> : null}
      </span>
    ),
  },
  { name: 'Provider', value: trace.provider === 'demo' ? 'none, the demo model is built in' : trace.provider },
  ...tokens(trace),
  {
    name: 'Cost',
    value: (
      <span title={formatExactMoney(trace.cost.total_cost_micro_usd)}>
        {formatMoney(trace.cost.total_cost_micro_usd)}
        {trace.usage.usage_estimated ? <span className="text-warn"> · tokens were estimated</span> : null}
      </span>
    ),
  },
  ...(trace.risk ? [{ name: 'Risk', value: `${trace.risk.score} of 100, ${trace.risk.level}` }] : []),
]

const deliveryFacts = (trace: Trace): Fact[] => [
  { name: 'Delivery', value: deliveryWords(trace.delivery) },
  ...idFact('Task', trace.task_id, 'task id'),
  ...idFact('Message', trace.message_id, 'message id'),
  ...idFact('Document', trace.document_id, 'document id'),
]

export const TraceFacts = ({ trace }: { trace: Trace }) => (
  <div className="grid content-start gap-4">
    <Card title="Run">
      <Facts facts={runFacts(trace)} />
    </Card>
    <Card title="Model and cost">
      <Facts facts={moneyFacts(trace)} />
    </Card>
    <Card title="Backend">
      <Facts facts={deliveryFacts(trace)} />
    </Card>
  </div>
)
