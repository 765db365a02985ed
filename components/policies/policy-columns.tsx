import type { Column } from '@/components/table/column'
import { none } from '@/components/traces/trace-cells'
import { Badge } from '@/components/ui/badge'
import { formatCount } from '@/components/ui/format'
import type { PolicyView } from '@/lib/governance/contract'
import { EffectBadge } from './policy-badges'
import { isFiled, SOURCES, scopeText, subjectText } from './policy-words'

type PolicyRow = PolicyView & { hits: number | null }

export const SourceBadge = ({ source }: Pick<PolicyView, 'source'>) => (
  <Badge tone={isFiled({ source }) ? 'info' : 'system'}>{SOURCES[source]}</Badge>
)

export const PolicySwitch = ({ enabled }: Pick<PolicyView, 'enabled'>) => (
  <Badge tone={enabled ? 'ok' : 'system'}>{enabled ? 'On' : 'Off'}</Badge>
)

export const POLICY_COLUMNS: readonly Column<PolicyRow>[] = [
  {
    id: 'policy',
    header: 'Policy',
    lead: true,
    className: 'max-w-64',
    cell: (policy) => <span className="block truncate">{policy.policy_id}</span>,
  },
  { id: 'effect', header: 'Effect', cell: (policy) => <EffectBadge effect={policy.effect.decision} /> },
  {
    id: 'subject',
    header: 'Speaks of',
    from: 'medium',
    className: 'max-w-56',
    cell: (policy) => <span className="block truncate text-ink-soft">{subjectText(policy)}</span>,
  },
  {
    id: 'scope',
    header: 'Holds in',
    from: 'wide',
    className: 'max-w-56',
    cell: (policy) => <span className="block truncate text-ink-muted">{scopeText(policy)}</span>,
  },
  { id: 'source', header: 'From', from: 'wide', cell: (policy) => <SourceBadge source={policy.source} /> },
  { id: 'enabled', header: 'State', from: 'medium', cell: (policy) => <PolicySwitch enabled={policy.enabled} /> },
  {
    id: 'precedence',
    header: 'Precedence',
    align: 'right',
    from: 'wide',
    cell: (policy) => policy.precedence,
  },
  {
    id: 'hits',
    header: 'Hits, 30 d',
    align: 'right',
    from: 'full',
    cell: ({ hits }) => (hits === null ? none : formatCount(hits)),
  },
]
