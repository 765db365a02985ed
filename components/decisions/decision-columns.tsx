import type { Column } from '@/components/table/column'
import { none, RiskLevel } from '@/components/traces/trace-cells'
import { RelativeTime } from '@/components/ui/relative-time'
import type { DecisionView } from '@/lib/governance/contract'
import { DecisionStatus } from './decision-status'
import { personOf, whatOf, whoOf } from './decision-words'

export const riskOf = ({ risk_score: score, risk_level: level }: DecisionView) =>
  score === null || (level !== 'low' && level !== 'medium' && level !== 'high' && level !== 'critical')
    ? null
    : { score, level, factors: [] }

const ACTION: Column<DecisionView> = {
  id: 'action',
  header: 'Action',
  lead: true,
  className: 'max-w-64',
  cell: (decision) => (
    <span className="block truncate">
      {whatOf(decision)}
      <span className="hidden font-normal text-ink-muted @max-[520px]/table:inline"> · {whoOf(decision)}</span>
    </span>
  ),
}

const MIDDLE: readonly Column<DecisionView>[] = [
  {
    id: 'agent',
    header: 'Agent',
    from: 'medium',
    className: 'max-w-44',
    cell: (decision) => <span className="block truncate text-ink-soft">{whoOf(decision)}</span>,
  },
  {
    id: 'place',
    header: 'Where',
    from: 'wide',
    className: 'max-w-48',
    cell: ({ workspace_id: workspace, environment }) => (
      <span className="block truncate text-ink-muted">
        {workspace} · {environment}
      </span>
    ),
  },
  { id: 'risk', header: 'Risk', from: 'wide', cell: (decision) => <RiskLevel risk={riskOf(decision)} /> },
  {
    id: 'asked',
    header: 'Requested by',
    from: 'full',
    className: 'max-w-48',
    cell: (decision) => <span className="block truncate text-ink-muted">{personOf(decision.requested_by)}</span>,
  },
]

const STATUS: Column<DecisionView> = {
  id: 'status',
  header: 'Status',
  cell: (decision) => <DecisionStatus status={decision.status} />,
}

const time = (iso: string | null) => (iso === null ? none : <RelativeTime iso={iso} className="text-ink-soft" />)

const AT_END = { align: 'right', className: 'whitespace-nowrap' } as const

export const WAITING_COLUMNS: readonly Column<DecisionView>[] = [
  ACTION,
  ...MIDDLE,
  { id: 'since', header: 'Since', ...AT_END, from: 'wide', cell: (decision) => time(decision.created_at) },
  { id: 'expires', header: 'Expires', ...AT_END, cell: (decision) => time(decision.expires_at) },
]

export const DECIDED_COLUMNS: readonly Column<DecisionView>[] = [
  ACTION,
  ...MIDDLE,
  STATUS,
  {
    id: 'by',
    header: 'Decided by',
    from: 'medium',
    className: 'max-w-40',
    cell: ({ resolved_by: by }) => (by === null ? none : <span className="block truncate">{personOf(by)}</span>),
  },
  { id: 'when', header: 'When', ...AT_END, cell: (decision) => time(decision.created_at) },
]
