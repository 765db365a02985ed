import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatCount, formatDuration, formatExactMoney, formatMoney, formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Trace, TraceDetail } from '@/lib/tracing/contract'
import { deliveryWords, kindWords, stopWords } from './run-words'
import { originWords, sessionHref, tracesHref } from './trace-words'

type Fact = { name: string; value: ReactNode }

const Link = ({ href, children }: { href: string; children: ReactNode }) => (
  <a href={href} className="break-words text-accent underline-offset-2 hover:underline">
    {children}
  </a>
)

const linkFact = (name: string, value: string | null, href: (value: string) => string): Fact[] =>
  value === null ? [] : [{ name, value: <Link href={href(value)}>{value}</Link> }]

const idFact = (name: string, id: string | null, what: string): Fact[] =>
  id === null ? [] : [{ name, value: <CopyId id={id} what={what} /> }]

const tookWords = ({ duration_ms: took, status }: Trace): string => {
  if (took !== null) return formatDuration(took)
  return status === 'paused' ? 'Stands still' : 'Still running'
}

const runFacts = (trace: Trace): Fact[] => [
  ...linkFact('Role', trace.agent_role, (role) => tracesHref({ agent_role: role })),
  ...linkFact('User', trace.user_id, (user) => tracesHref({ user_id: user })),
  { name: 'Kind', value: trace.origin === 'run' ? kindWords(trace.kind) : originWords(trace.origin) },
  {
    name: 'Workspace',
    value: (
      <span className="flex flex-wrap items-center gap-x-2">
        {trace.workspace_id}
        {trace.workspace_hash ? <CopyId id={trace.workspace_hash} what="workspace hash" /> : null}
      </span>
    ),
  },
  { name: 'Environment', value: trace.arm ? `${trace.environment}, ${trace.arm} arm` : trace.environment },
  {
    name: 'Started',
    value: (
      <>
        {formatUtc(trace.started_at)} · <RelativeTime iso={trace.started_at} className="text-ink-muted" />
      </>
    ),
  },
  { name: 'Took', value: tookWords(trace) },
  ...(trace.stop_reason && trace.status !== 'paused' ? [{ name: 'Ended', value: stopWords(trace.stop_reason) }] : []),
  ...linkFact('Session', trace.session_key, sessionHref),
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

const THINGS = [
  { name: 'Task', key: 'task_id' },
  { name: 'Message', key: 'message_id' },
  { name: 'Document', key: 'document_id' },
] as const

type Linked = NonNullable<TraceDetail['linked_ids']['task_id']>

const LinkedThing = ({ linked: { value, url }, what }: { linked: Linked; what: string }) => (
  <span className="flex flex-wrap items-center gap-x-4">
    <CopyId id={value} what={what} />
    {url ? <Link href={url}>All its runs</Link> : null}
  </span>
)

const linkFacts = ({ linked_ids: linked }: TraceDetail): Fact[] =>
  THINGS.flatMap(({ name, key }) => {
    const found = linked[key]
    return found ? [{ name, value: <LinkedThing linked={found} what={`${name.toLowerCase()} id`} /> }] : []
  })

const backendFacts = (trace: TraceDetail): Fact[] => [
  ...(trace.origin === 'run' ? [{ name: 'Delivery', value: deliveryWords(trace.delivery) }] : []),
  ...linkFacts(trace),
]

export const TraceFacts = ({ trace }: { trace: TraceDetail }) => {
  const backend = backendFacts(trace)
  return (
    <>
      <Card title="Run">
        <Facts facts={runFacts(trace)} />
      </Card>
      <Card title="Model and cost">
        <Facts facts={moneyFacts(trace)} />
      </Card>
      {backend.length > 0 ? (
        <Card title="Worked on">
          <Facts facts={backend} />
        </Card>
      ) : null}
    </>
  )
}
