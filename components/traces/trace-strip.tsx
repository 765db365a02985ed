import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { CopyId } from '@/components/ui/copy-id'
import { formatCount } from '@/components/ui/format'
import type { TraceDetail } from '@/lib/tracing/contract'
import { LabelChips, Money, RiskLevel, Took } from './trace-cells'
import { TraceStatus } from './trace-status'
import { originWords, runName, traceHref } from './trace-words'
import { TrustBadge } from './trust-badge'

const Item = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid min-w-0 content-start gap-0.5">
    <dt className="text-ink-muted text-meta">{name}</dt>
    <dd className="flex min-h-6 min-w-0 items-center text-ink text-table">{children}</dd>
  </div>
)

const isDemo = ({ provider }: TraceDetail): boolean => provider === 'demo'

// What one wants to know of a run before anything else, in one line.
export const TraceStrip = ({ trace }: { trace: TraceDetail }) => (
  <dl className="flex flex-wrap gap-x-7 gap-y-2.5 rounded-md border border-line bg-surface px-4 py-2.5">
    <Item name="Status">
      <TraceStatus status={trace.status} />
    </Item>
    <Item name={trace.origin === 'run' ? 'Role' : originWords(trace.origin)}>
      <span className="min-w-0 break-words">{runName(trace)}</span>
    </Item>
    <Item name="Model">
      <span className="flex min-w-0 flex-wrap items-center gap-1.5">
        <span className="break-all font-mono text-meta">{trace.model || '–'}</span>
        {isDemo(trace) ? <Badge tone="warn">Demo</Badge> : null}
      </span>
    </Item>
    {trace.workspace_hash ? (
      <Item name="Version">
        <CopyId id={trace.workspace_hash} what="workspace hash" />
      </Item>
    ) : null}
    <Item name="Cost">
      <Money micro={trace.cost.total_cost_micro_usd} estimated={trace.usage.usage_estimated} />
    </Item>
    <Item name="Tokens">{formatCount(trace.total_tokens)}</Item>
    <Item name="Took">
      <Took ms={trace.duration_ms} />
    </Item>
    <Item name="Risk">
      <RiskLevel risk={trace.risk ? { ...trace.risk, factors: [] } : null} />
    </Item>
    <Item name="Record">
      <TrustBadge trace={trace} />
    </Item>
    {trace.replay_of ? (
      <Item name="Replay of">
        <a
          href={traceHref(trace.replay_of)}
          className="font-mono text-accent text-meta underline-offset-2 hover:underline"
        >
          {trace.replay_of.slice(0, 8)}…{trace.replay_of.slice(-4)}
        </a>
      </Item>
    ) : null}
    {Object.keys(trace.labels).length > 0 ? (
      <Item name="Labels">
        <LabelChips labels={trace.labels} />
      </Item>
    ) : null}
  </dl>
)
